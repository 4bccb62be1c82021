import type { Redis } from 'ioredis';
import type { Keys } from '../keys.ts';
import { createCellChecks, type Part } from './cell-checks.ts';
import { readCellKey } from './cell-keys.ts';
import type { Drift } from './drift.ts';

/** How much one `advance` may do. */
interface WalkBudget {
  /** Keys of the keyspace to come by; most are not looked at. */
  readonly scanned: number;
  /** Records and entries of indices to look at. */
  readonly looked: number;
}

interface Walked {
  readonly drift: readonly Drift[];
  /** The pass is over; the next call begins another one. */
  readonly passed: boolean;
}

interface CellWalk {
  /** Goes on where the last call ended, until the budget is spent (by less than one more call) or the pass is over. */
  advance(budget: WalkBudget): Promise<Walked>;
}

const KEYS_PER_SCAN = 250;
const JOBS_PER_CALL = 100;
/** A call costs about as much as looking at so many entries. */
const PER_CALL = 5;

/**
 * Walks a cell's keyspace twice a pass: first the records, which put back what is missing from the indices, then the
 * indices and the counters, which by then can only hold too much. Where it is, it keeps in memory: a call that fails is
 * made again by the next `advance`.
 */
export function createCellWalk(redis: Redis, keys: Keys, mode: 'look' | 'repair'): CellWalk {
  const check = createCellChecks(redis, keys, mode);
  let phase: 'records' | 'indices' = 'records';
  let cursor = '0';
  let parts: readonly Part[] = [];

  const scan = async (): Promise<'more' | 'end'> => {
    const [next, found] = await redis.scan(cursor, 'MATCH', `${keys.prefix}*`, 'COUNT', KEYS_PER_SCAN);
    parts = phase === 'records' ? recordsOf(keys, found) : indicesOf(keys, found);
    cursor = next;
    return next === '0' ? 'end' : 'more';
  };
  let scanned: 'more' | 'end' = 'more';
  return {
    advance: async (budget) => {
      const drift: Drift[] = [];
      let looked = 0;
      let keysSeen = 0;
      while (looked < budget.looked && keysSeen < budget.scanned) {
        const [part, ...rest] = parts;
        if (part !== undefined) {
          const checked = await check(part);
          parts = checked.rest === undefined ? rest : [checked.rest, ...rest];
          drift.push(...checked.drift);
          looked += checked.looked + PER_CALL;
        } else if (scanned === 'more') {
          scanned = await scan();
          keysSeen += KEYS_PER_SCAN;
        } else {
          scanned = 'more';
          if (phase === 'indices') {
            phase = 'records';
            return { drift, passed: true };
          }
          phase = 'indices';
        }
      }
      return { drift, passed: false };
    },
  };
}

/** In calls of so many: a scan of a keyspace that grows or shrinks may bring many more keys than it was asked for. */
function recordsOf(keys: Keys, found: readonly string[]): readonly Part[] {
  const records = found.flatMap((key) => readCellKey(keys, key) ?? []);
  const ids = records.flatMap((record) => (record.kind === 'job' ? [record.id] : []));
  const batches = records.flatMap((record) => (record.kind === 'batch' ? [record.id] : []));
  const calls = Array.from({ length: Math.ceil(ids.length / JOBS_PER_CALL) }, (_, index) => ({
    kind: 'jobs' as const,
    ids: ids.slice(index * JOBS_PER_CALL, (index + 1) * JOBS_PER_CALL),
  }));
  return [...calls, ...batches.map((id) => ({ kind: 'batch' as const, id }))];
}

const indicesOf = (keys: Keys, found: readonly string[]): readonly Part[] =>
  found.flatMap((key): readonly Part[] => {
    const read = readCellKey(keys, key);
    switch (read?.kind) {
      case undefined:
      case 'job':
      case 'batch':
        return [];
      case 'index': {
        const strays = { ...read, cursor: '0' };
        if (read.index !== 'lane') return [strays];
        return [strays, { kind: 'lane', id: key.slice(`${keys.prefix}lane:`.length) }];
      }
      case 'inputs':
        return [{ ...read, cursor: '0' }];
      case 'backend':
        return [{ kind: read.kind, id: read.id }];
    }
  });
