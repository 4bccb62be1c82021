export interface Pool<Member> {
  readonly members: readonly Member[];
  /** Waits for a free member, first come first served, and lends it for the work; rejects with the signal's reason. */
  use<Value>(work: (member: Member) => Promise<Value>, signal: AbortSignal): Promise<Value>;
}

/** Lends each of its members to one user at a time. */
export function createPool<Member>(members: readonly Member[]): Pool<Member> {
  const free = [...members];
  const waiting = new Set<(member: Member) => void>();
  const giveBack = (member: Member): void => {
    const [next] = waiting;
    if (next === undefined) free.push(member);
    else next(member);
  };
  const take = async (signal: AbortSignal): Promise<Member> => {
    signal.throwIfAborted();
    const member = free.pop();
    if (member !== undefined) return member;
    return new Promise((resolve, reject) => {
      const leave = (): void => {
        waiting.delete(enter);
        signal.removeEventListener('abort', giveUp);
      };
      const enter = (freed: Member): void => {
        leave();
        resolve(freed);
      };
      const giveUp = (): void => {
        leave();
        reject(signal.reason as Error);
      };
      waiting.add(enter);
      signal.addEventListener('abort', giveUp);
    });
  };
  return {
    members,
    async use(work, signal) {
      const member = await take(signal);
      try {
        return await work(member);
      } finally {
        giveBack(member);
      }
    },
  };
}
