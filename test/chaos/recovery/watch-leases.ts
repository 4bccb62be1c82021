import { wait } from '@spillway/service-kit';
import type { Store } from '../house/open-store.ts';

/** What batch-workers hold. */
export interface LeaseWatch {
  /** How often the lease of a batch ran out and another worker took the batch. */
  readonly rescued: number;
  /**
   * Resolves when some batch-worker is in the middle of its work: at the beginning or the end of a batch, when there is
   * one within three seconds, else while lines are fed or written down.
   */
  untilHeld(signal: AbortSignal): Promise<void>;
}

/** A lease runs for seconds: none is lost and lost again between two looks. */
const LOOK_MS = 500;
/** Most turns take some milliseconds. */
const HELD_LOOK_MS = 2;
const RARE_WITHIN_MS = 3_000;
const ANY_WITHIN_MS = 2_000;

/**
 * A batch's fence rises by one with every lease that is taken and by one with every lease that is given back. So a batch
 * that is free has an even fence and one that is held an odd one, and every lease that was never given back turns that
 * round.
 */
const LOOK = `
local reply = {}
for _, index in ipairs({ 'due', 'leased' }) do
  for _, batch in ipairs(redis.call('ZRANGE', KEYS[1] .. 'batches:' .. index, 0, -1)) do
    local held = redis.call('ZSCORE', KEYS[1] .. 'batches:leased', batch) and 1 or 0
    local fence = tonumber(redis.call('HGET', KEYS[1] .. 'batch:' .. batch, 'fence') or '0')
    table.insert(reply, { batch, (fence + held) % 2 })
  end
end
return reply`;

/** Watches the batches of the store until `stack` closes; while the store is away, it sees nothing. */
export function watchLeases(store: Store, stack: AsyncDisposableStack): LeaseWatch {
  const stop = new AbortController();
  const turned = new Map<string, number>();
  let rescued = 0;
  const watching = (async () => {
    while ((await wait(LOOK_MS, stop.signal)) === 'elapsed') {
      for (const [batch, now] of await look(store)) {
        if ((turned.get(batch) ?? 0) !== now) rescued += 1;
        turned.set(batch, now);
      }
    }
  })();
  stack.defer(() => {
    stop.abort();
    return watching;
  });
  return {
    get rescued() {
      return rescued;
    },
    untilHeld: async (signal) => {
      const until = async (ms: number, isMoment: (held: Held) => boolean): Promise<boolean> => {
        const deadlineMs = performance.now() + ms;
        // a store that is stopped answers no sooner than it goes on
        const over = wait(ms, signal).then(() => 'unknown' as const);
        while (performance.now() < deadlineMs && !signal.aborted) {
          if (isMoment(await Promise.race([lookAtHeld(store), over]))) return true;
          await wait(HELD_LOOK_MS, signal);
        }
        return false;
      };
      const found = await until(RARE_WITHIN_MS, (held) => held === 'other');
      if (!found) await until(ANY_WITHIN_MS, (held) => held !== 'none');
    },
  };
}

/** What batches that somebody works on are at. */
type Held = 'none' | 'in-progress' | 'other' | 'unknown';

const LOOK_AT_HELD = `
local held = 'none'
for _, batch in ipairs(redis.call('ZRANGE', KEYS[1] .. 'batches:leased', 0, -1)) do
  if redis.call('HGET', KEYS[1] .. 'batch:' .. batch, 'status') ~= 'in_progress' then return 'other' end
  held = 'in-progress'
end
return held`;

async function lookAtHeld({ redis, keys }: Store): Promise<Held> {
  try {
    return (await redis.eval(LOOK_AT_HELD, 1, keys.prefix)) as Held;
  } catch {
    // the store is away: nobody waits for it
    return 'unknown';
  }
}

async function look({ redis, keys }: Store): Promise<readonly (readonly [batch: string, turned: number])[]> {
  try {
    return (await redis.eval(LOOK, 1, keys.prefix)) as [string, number][];
  } catch {
    // killed or stopped as part of the run
    return [];
  }
}
