import { createWakeUp, every, wait } from '@spillway/service-kit';

/** Claims jobs for free slots, and runs them, until it is closed. */
export interface Claiming {
  setSlots(slots: number): void;
  /** There may be something to claim. */
  wake(): void;
  /** Claims nothing more; resolves when nothing runs. */
  close(): Promise<void>;
}

export interface ClaimingOptions<Claim> {
  readonly slots: number;
  /** Takes the leases of at most `most` jobs. */
  readonly claim: (most: number) => Promise<readonly Claim[]>;
  /** Runs one to its end and does not reject. */
  readonly run: (claim: Claim) => Promise<void>;
  /** Puts back one that is not to be run any more; does not reject. */
  readonly giveBack: (claim: Claim) => Promise<void>;
  /** Hears that claims fail, at most every ten seconds. */
  readonly onError: (error: unknown) => void;
}

/** Whoever dispatches says so; a signal that got lost costs this long. */
const LOOK_EVERY_MS = 1000;
const MOST_PER_CLAIM = 64;
/** The store refuses for longer than a moment when it does. */
const CLAIM_AGAIN_MS = 200;
/**
 * An answer that took this long may come after the store took the lease back, for instance to a process that was
 * stopped in between: what it brings is not begun. Half the silence after which a worker counts as dead.
 */
const ANSWER_IS_STALE_MS = 5000;

export function startClaiming<Claim>(options: ClaimingOptions<Claim>): Claiming {
  const stop = new AbortController();
  const wakeUp = createWakeUp();
  const running = new Set<Promise<void>>();
  let { slots } = options;
  /** Whether more may wait than the last look brought. */
  let hungry = true;

  const begin = (task: Promise<void>): void => {
    running.add(task);
    void task.finally(() => {
      running.delete(task);
      if (hungry) wakeUp.wake();
    });
  };
  const look = async (most: number): Promise<void> => {
    const askedAtMs = performance.now();
    const claims = await options.claim(most);
    const fresh = performance.now() - askedAtMs < ANSWER_IS_STALE_MS && !stop.signal.aborted;
    for (const claim of claims) begin(fresh ? options.run(claim) : options.giveBack(claim));
    hungry = claims.length >= most;
  };
  // The wait comes first, so that nothing stands between a wake-up and its look.
  const turn = async (): Promise<void> => {
    if (!hungry || running.size >= slots) await wakeUp.next(LOOK_EVERY_MS, stop.signal);
    const most = Math.min(slots - running.size, MOST_PER_CLAIM);
    if (most <= 0 || stop.signal.aborted) return;
    try {
      await look(most);
    } catch (error) {
      await wait(CLAIM_AGAIN_MS, stop.signal);
      throw error;
    }
  };
  const turns = every(0, stop.signal, turn, ({ error }) => options.onError(error));
  return {
    setSlots: (wanted) => {
      if (wanted > slots) wakeUp.wake();
      slots = wanted;
    },
    wake: () => wakeUp.wake(),
    close: async () => {
      stop.abort();
      await turns;
      await Promise.all(running);
    },
  };
}
