import {
  type BackendId,
  type EpochMs,
  type JobId,
  type JobView,
  type LaneView,
  MAX_RESCUES,
  type TenantId,
} from '@spillway/core';
import type { Redis } from 'ioredis';
import { z } from 'zod';
import { parseFeatures } from '../jobs/new-job.ts';
import { type Keys, parseLaneKey } from '../keys.ts';
import { defineScript } from '../script/define-script.ts';
import { type BackendDescriptor, backendDescriptorSchema } from '../workers/descriptor.ts';

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
}

/** What the store knows, read at one instant. Configuration makes a `Snapshot` of it. */
export interface StoreSnapshot {
  readonly nowMs: EpochMs;
  readonly backends: readonly BackendState[];
  readonly lanes: readonly LaneView[];
  readonly virtualTokens: ReadonlyMap<TenantId, number>;
  readonly overflowing: ReadonlySet<string>;
  /** Backends, lanes and jobs this version cannot read: left out, so that one of them does not stop the others. */
  readonly unreadable: readonly string[];
}

const text = z.string();
const number = z.coerce.number();
const replySchema = z.tuple([
  number,
  z.array(z.tuple([text, text, number, number, number, number, number, number])),
  z.array(z.tuple([text, number, z.array(text)])),
  z.array(text),
  z.array(text),
]);

const MOST_DUE_RETRIES = 1000;
const FEWEST_OF_LANE = 1;
const MOST_OF_LANE = 128;
const MOST_LOOKED_AT = 1024;
const JOB_FIELDS = 7;

/** Moves due retries to their lanes and reads the state a plan is made from: one round trip, one instant. */
export function createTakeSnapshot(redis: Redis, keys: Keys) {
  const script = defineScript(redis, keys, new URL('./take-snapshot.lua', import.meta.url));
  return async (): Promise<StoreSnapshot> => {
    const [nowMs, backends, lanes, virtualTokens, overflowing] = replySchema.parse(
      await script(MOST_DUE_RETRIES, FEWEST_OF_LANE, MOST_OF_LANE, MOST_LOOKED_AT, MAX_RESCUES - 1),
    );
    const unreadable: string[] = [];
    const readOr = <Value>(name: string, read: () => Value): readonly Value[] => {
      try {
        return [read()];
      } catch {
        unreadable.push(name);
        return [];
      }
    };
    return {
      nowMs,
      backends: backends.flatMap(
        ([id, descriptor, heardAtMs, slots, held, heldTokens, coolingUntilMs, suspects]) =>
          readOr(`backend ${id}`, () => ({
            id: id as BackendId,
            descriptor: backendDescriptorSchema.parse(JSON.parse(descriptor)),
            heardAtMs,
            slots,
            held,
            heldTokens,
            coolingUntilMs,
            suspects,
          })),
      ),
      lanes: lanes.flatMap(([key, depth, jobs]) =>
        readOr(`lane ${key}`, () => {
          const name = parseLaneKey(key);
          const head = chunk(jobs, JOB_FIELDS).flatMap((fields) =>
            readOr(`job ${fields[0]}`, () => toJob(fields)),
          );
          return { key, depth, ...name, head };
        }),
      ),
      virtualTokens: new Map(
        chunk(virtualTokens, 2).map(([tenant, tokens]) => [tenant as TenantId, Number(tokens)] as const),
      ),
      overflowing: new Set(overflowing),
      unreadable,
    };
  };
}

/** Throws on a job of another version. */
function toJob([
  id,
  fence,
  availableAtMs,
  deadlineAtMs,
  features,
  excluded,
  rescues,
]: readonly string[]): JobView {
  const known = parseFeatures(features ?? '');
  if (known === undefined) throw new Error(`${id} has features of another version`);
  return {
    id: id as JobId,
    fence: Number(fence),
    // since when it waits this time: a retry has not waited while it ran
    queuedAtMs: Number(availableAtMs),
    deadlineAtMs: Number(deadlineAtMs),
    ...known,
    rescues: Number(rescues),
    excluded: excluded ? (excluded.split(',') as BackendId[]) : [],
  };
}

function chunk(fields: readonly string[], size: number): readonly (readonly string[])[] {
  const chunks: (readonly string[])[] = [];
  for (let start = 0; start < fields.length; start += size) chunks.push(fields.slice(start, start + size));
  return chunks;
}
