import {
  type BackendId,
  DEFAULT_POLICY,
  type EpochMs,
  type JobId,
  type FreshJob,
  type LaneView,
  MAX_RESCUES,
  type OutputLengths,
  type TenantId,
} from '@spillway/core';
import type { Redis } from 'ioredis';
import type { Keys } from '../keys.ts';
import { defineScript } from '../script/define-script.ts';
import type { BackendDescriptor } from '../workers/descriptor.ts';
import { createOutputLengths } from './read-output-lengths.ts';
import { readSnapshot } from './read-snapshot.ts';

export interface BackendState {
  readonly id: BackendId;
  readonly descriptor: BackendDescriptor;
  readonly heardAtMs: EpochMs;
  readonly slots: number;
  readonly held: number;
  readonly heldTokens: number;
  readonly coolingUntilMs: EpochMs;
  /** Jobs it holds that are on their last chance. */
  readonly suspects: number;
  /** The next deadline among the pinned jobs it holds. */
  readonly pinnedDue?: { readonly atMs: EpochMs; readonly tenantId: TenantId };
}

/** What the store knows, read at one instant. Configuration makes a `Snapshot` of it. */
export interface StoreSnapshot {
  readonly nowMs: EpochMs;
  readonly backends: readonly BackendState[];
  readonly lanes: readonly LaneView[];
  /** The oldest jobs that no plan has looked at, and where in their lanes they stand. */
  readonly fresh: readonly FreshJob[];
  /** Of the tenants that have a lane, and of those of pinned jobs that backends make room for. */
  readonly virtualTokens: ReadonlyMap<TenantId, number>;
  /** As they were some seconds ago at most. */
  readonly outputLengths: OutputLengths;
  /** Model groups that overflow by depth, and since when. */
  readonly overflowing: ReadonlyMap<string, EpochMs>;
  /** Backends, lanes and jobs this version cannot read: left out, so that one of them does not stop the others. */
  readonly unreadable: readonly string[];
  /** Of the fresh jobs those among them: looked at or not, they stay in their lanes. */
  readonly unreadableFresh: readonly JobId[];
}

export interface SnapshotOptions {
  /** Jobs of one beginning that a plan would dispatch one after the other: so many more are read of batch lanes, twice. */
  readonly groupRun?: number;
  /** How old `outputLengths` may be. */
  readonly lengthsMaxAgeMs?: number;
}

const MOST_DUE_RETRIES = 1000;
const FEWEST_OF_LANE = 1;
const MOST_OF_LANE = 128;
const MOST_LOOKED_AT = 1024;
const MOST_FRESH = 256;
const LENGTHS_MAX_AGE_MS = 5000;

/** Moves due retries to their lanes and reads the state a plan is made from: one round trip, one instant. */
export function createTakeSnapshot(redis: Redis, keys: Keys, options: SnapshotOptions = {}) {
  const script = defineScript(redis, keys, new URL('./take-snapshot.lua', import.meta.url));
  return createReader(redis, keys, options, (...bounds) => script(MOST_DUE_RETRIES, ...bounds));
}

/** The same for those who only look, as for a dry run: nothing moves, and retries that are due are not seen. */
export function createPeekSnapshot(redis: Redis, keys: Keys, options: SnapshotOptions = {}) {
  const script = defineScript(redis, keys, new URL('./peek-snapshot.lua', import.meta.url));
  return createReader(redis, keys, options, script);
}

function createReader(
  redis: Redis,
  keys: Keys,
  { groupRun = DEFAULT_POLICY.groupRun, lengthsMaxAgeMs = LENGTHS_MAX_AGE_MS }: SnapshotOptions,
  script: (...bounds: readonly number[]) => Promise<unknown>,
): () => Promise<StoreSnapshot> {
  const readLengths = createOutputLengths(redis, keys, lengthsMaxAgeMs);
  const moreOfBatch = Math.min(groupRun * 2, MOST_OF_LANE);
  return async () => {
    const [reply, outputLengths] = await Promise.all([
      script(FEWEST_OF_LANE, MOST_OF_LANE, moreOfBatch, MOST_LOOKED_AT, MAX_RESCUES - 1, MOST_FRESH),
      readLengths(),
    ]);
    return { ...readSnapshot(reply), outputLengths };
  };
}
