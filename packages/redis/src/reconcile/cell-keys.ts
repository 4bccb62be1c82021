import type { Keys } from '../keys.ts';

/**
 * Indices of jobs, as `lib/places.lua` names them; `lanes` and `tenant-lanes`, the indices of lanes; `active`, the
 * tenants with jobs in lanes; and the indices of batches.
 */
export type IndexName =
  | 'lane'
  | 'lanes'
  | 'retry'
  | 'unseen'
  | 'fresh'
  | 'dispatched'
  | 'running'
  | 'suspects'
  | 'pinned'
  | 'held'
  | 'deadline'
  | 'start'
  | 'live'
  | 'tenant-lanes'
  | 'active'
  | 'jobs'
  | 'retained'
  | 'open'
  | 'batch-due'
  | 'batch-running'
  | 'batch-retained';

/** What a key of a cell holds, as far as its records and indices go; `inputs` are the prompt tokens of all lanes. */
export type CellKey =
  | { readonly kind: 'job' | 'batch' | 'backend'; readonly id: string }
  | { readonly kind: 'inputs'; readonly key: string }
  | {
      readonly kind: 'index';
      readonly index: IndexName;
      readonly type: 'zset' | 'set';
      readonly key: string;
    };

const JOB = /^job:([^:]+)$/;
const BATCH = /^batch:([^:]+)$/;
const BACKEND = /^backend:([^:]+)$/;
const INPUTS = 'lanes:input';
const INDICES: readonly (readonly [RegExp, IndexName, 'zset' | 'set'])[] = [
  [/^lane:/, 'lane', 'zset'],
  [/^lanes$/, 'lanes', 'set'],
  [/^retry$/, 'retry', 'zset'],
  [/^unseen$/, 'unseen', 'zset'],
  [/^fresh$/, 'fresh', 'zset'],
  [/^backend:[^:]+:dispatched$/, 'dispatched', 'zset'],
  [/^backend:[^:]+:running$/, 'running', 'zset'],
  [/^backend:[^:]+:suspects$/, 'suspects', 'set'],
  [/^backend:[^:]+:pinned$/, 'pinned', 'zset'],
  [/^worker:[^:]+:held$/, 'held', 'set'],
  [/^clocks:deadline$/, 'deadline', 'zset'],
  [/^clocks:start$/, 'start', 'zset'],
  [/^tenant:[^:]+:live$/, 'live', 'set'],
  [/^tenant:[^:]+:lanes$/, 'tenant-lanes', 'set'],
  [/^fairness:active$/, 'active', 'zset'],
  [/^tenant:[^:]+:jobs$/, 'jobs', 'zset'],
  [/^retained$/, 'retained', 'zset'],
  [/^batch:[^:]+:open$/, 'open', 'set'],
  [/^batches:due$/, 'batch-due', 'zset'],
  [/^batches:running$/, 'batch-running', 'set'],
  [/^batches:retained$/, 'batch-retained', 'zset'],
];

/** Undefined for keys that are compared with nothing, such as a job's decisions. */
export function readCellKey(keys: Keys, key: string): CellKey | undefined {
  const name = key.slice(keys.prefix.length);
  for (const [pattern, kind] of [
    [JOB, 'job'],
    [BATCH, 'batch'],
    [BACKEND, 'backend'],
  ] as const) {
    const id = pattern.exec(name)?.[1];
    if (id !== undefined) return { kind, id };
  }
  if (name === INPUTS) return { kind: 'inputs', key };
  const found = INDICES.find(([pattern]) => pattern.test(name));
  return found && { kind: 'index', index: found[1], type: found[2], key };
}
