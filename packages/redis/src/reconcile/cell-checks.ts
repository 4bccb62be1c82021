import { MAX_RESCUES } from '@spillway/core';
import type { Redis } from 'ioredis';
import { z } from 'zod';
import type { Keys } from '../keys.ts';
import { DEADLINE_GRACE_MS } from '../scheduling/duties.ts';
import { defineScript } from '../script/define-script.ts';
import type { CellKey } from './cell-keys.ts';
import { type Drift, toDrift } from './drift.ts';

/** A bounded part of a cell, to be held against the rest in one atomic call. */
export type Part =
  | { readonly kind: 'jobs'; readonly ids: readonly string[] }
  | { readonly kind: 'batch' | 'backend' | 'lane'; readonly id: string }
  | (Extract<CellKey, { kind: 'inputs' }> & { readonly cursor: string })
  | (Extract<CellKey, { kind: 'index' }> & { readonly cursor: string });

interface Checked {
  readonly drift: readonly Drift[];
  /** Records and entries looked at. */
  readonly looked: number;
  /** What is left of the part. */
  readonly rest: Part | undefined;
}

const driftSchema = z.array(z.string());
const countedSchema = z.tuple([z.number(), driftSchema]);
const walkedSchema = z.tuple([z.string(), z.number(), driftSchema]);

/** Entries of an index in one call, about: small ones come whole, at most 512 entries. */
const ENTRIES_PER_CALL = 100;
/** A longer lane is not summed up: it would block Redis. Its sum goes when it is empty, so drift of it lasts no longer. */
const LONGEST_SUMMED = 1000;

/**
 * Compares inside one call only: every script is atomic, so what one of them finds wrong is wrong, however busy the cell.
 *
 * @param mode `look` changes nothing, `repair` also puts right what it finds
 */
export function createCellChecks(redis: Redis, keys: Keys, mode: 'look' | 'repair') {
  const checkJobs = defineScript(redis, keys, new URL('./check-jobs.lua', import.meta.url));
  const checkIndex = defineScript(redis, keys, new URL('./check-index.lua', import.meta.url));
  const checkBackend = defineScript(redis, keys, new URL('./check-backend.lua', import.meta.url));
  const checkLanes = defineScript(redis, keys, new URL('./check-lanes.lua', import.meta.url));
  const checkBatch = defineScript(redis, keys, new URL('./check-batch.lua', import.meta.url));
  const repair = Number(mode === 'repair');
  const rules = [repair, MAX_RESCUES - 1, DEADLINE_GRACE_MS] as const;
  const checkInputs = async (lanes: readonly string[], rest: Part | undefined): Promise<Checked> => {
    const [looked, drift] = countedSchema.parse(await checkLanes(repair, LONGEST_SUMMED, ...lanes));
    return { drift: toDrift(drift), looked, rest };
  };
  return async (part: Part): Promise<Checked> => {
    switch (part.kind) {
      case 'jobs': {
        const drift = driftSchema.parse(await checkJobs(...rules, ...part.ids));
        return { drift: toDrift(drift), looked: part.ids.length, rest: undefined };
      }
      case 'index': {
        const { index, key, type, cursor } = part;
        const [next, looked, drift] = walkedSchema.parse(
          await checkIndex(...rules, index, key, type, cursor, ENTRIES_PER_CALL),
        );
        return { drift: toDrift(drift), looked, rest: next === '0' ? undefined : { ...part, cursor: next } };
      }
      case 'lane':
        return checkInputs([part.id], undefined);
      case 'inputs': {
        const [next, fields] = await redis.hscan(part.key, part.cursor, 'COUNT', ENTRIES_PER_CALL);
        const lanes = fields.filter((_field, index) => index % 2 === 0);
        return checkInputs(lanes, next === '0' ? undefined : { ...part, cursor: next });
      }
      case 'backend':
      case 'batch': {
        const check = part.kind === 'backend' ? checkBackend : checkBatch;
        const [looked, drift] = countedSchema.parse(await check(repair, part.id));
        return { drift: toDrift(drift), looked, rest: undefined };
      }
    }
  };
}
