/** What a call of a process that died comes to: nobody hears of it. */
class Crash extends Error {}

/** A process that dies at one of its calls: that one is made or is not, and none after it is. */
export interface MortalProcess {
  wrap<T extends object>(port: T): T;
  readonly isDead: boolean;
}

/** @param callsToLive the call it dies at; @param afterwards whether that call is still made */
export function createMortalProcess(callsToLive: number, afterwards: boolean): MortalProcess {
  let calls = 0;
  let isDead = false;
  const dieOr = async (call: () => unknown): Promise<unknown> => {
    if (isDead) throw new Crash();
    calls += 1;
    if (calls < callsToLive) return call();
    isDead = true;
    if (afterwards) await call();
    throw new Crash();
  };
  return {
    get isDead() {
      return isDead;
    },
    wrap: (port) =>
      new Proxy(port, {
        get: (target, name) => {
          const member: unknown = Reflect.get(target, name);
          if (typeof member !== 'function') return member;
          return (...args: unknown[]) => dieOr(() => Reflect.apply(member, target, args) as unknown);
        },
      }),
  };
}
