import type { BackendId, FreshJob, JobId, JobView, LaneView, TenantId } from '@spillway/core';
import { z } from 'zod';
import { parseLaneKey } from '../keys.ts';
import { backendDescriptorSchema } from '../workers/descriptor.ts';
import { parseJobView, SEPARATOR } from './parse-job-view.ts';
import type { BackendState, StoreSnapshot } from './take-snapshot.ts';

const text = z.string();
const number = z.coerce.number();
const backendSchema = z.tuple([text, text, number, number, number, number, number, number, text, text, text]);
const replySchema = z.tuple([
  number,
  z.array(backendSchema),
  // a lane, then each job of its head and what is told of it
  z.array(z.tuple([text], text)),
  z.array(z.tuple([text, number, text, text])),
  z.array(text),
]);

/** What `script/lib/snapshot.lua` answers. What this version cannot read is left out and named. */
export function readSnapshot(reply: unknown): Omit<StoreSnapshot, 'outputLengths'> {
  const [nowMs, backends, lanes, fresh, overflowing] = replySchema.parse(reply);
  const unreadable = new Set<string>();
  const unreadableFresh: JobId[] = [];
  const virtualTokens = new Map<TenantId, number>();
  const readOr = <Value>(name: string, read: () => Value): readonly Value[] => {
    try {
      return [read()];
    } catch {
      unreadable.add(name);
      return [];
    }
  };
  const readJob = (id: string, told: string): JobView | undefined => {
    const view = parseJobView(id as JobId, told);
    if (view === undefined) unreadable.add(`job ${id}`);
    return view;
  };
  for (const { 9: tenant, 10: tokens } of backends) {
    if (tenant !== '') virtualTokens.set(tenant as TenantId, numberOr0(tokens));
  }
  return {
    nowMs,
    backends: backends.flatMap((fields) => readOr(`backend ${fields[0]}`, () => toBackend(fields))),
    lanes: lanes.flatMap((told) => {
      const [key = '', depth, inputTokens, tokens] = told[0].split(SEPARATOR);
      return readOr(`lane ${key}`, (): LaneView => {
        const name = parseLaneKey(key);
        virtualTokens.set(name.tenantId, numberOr0(tokens));
        const head: JobView[] = [];
        for (let index = 1; index < told.length; index += 2) {
          const job = readJob(told[index] ?? '', told[index + 1] ?? '');
          if (job !== undefined) head.push(job);
        }
        return { key, ...name, depth: toNumber(depth), inputTokens: toNumber(inputTokens), head };
      });
    }),
    fresh: fresh.flatMap(([laneKey, ahead, id, told]): readonly FreshJob[] => {
      const job = readJob(id, told);
      if (job !== undefined) return [{ laneKey, job, ahead }];
      unreadableFresh.push(id as JobId);
      return [];
    }),
    virtualTokens,
    overflowing: new Map(pairs(overflowing)),
    unreadable: [...unreadable],
    unreadableFresh,
  };
}

function toBackend([
  id,
  descriptor,
  heardAtMs,
  slots,
  held,
  heldTokens,
  coolingUntilMs,
  suspects,
  pinnedDueAtMs,
  pinnedDueOf,
]: z.infer<typeof backendSchema>): BackendState {
  return {
    id: id as BackendId,
    descriptor: backendDescriptorSchema.parse(JSON.parse(descriptor)),
    heardAtMs,
    slots,
    held,
    heldTokens,
    coolingUntilMs,
    suspects,
    ...(pinnedDueAtMs !== '' && {
      pinnedDue: { atMs: Number(pinnedDueAtMs), tenantId: pinnedDueOf as TenantId },
    }),
  };
}

/** Throws on what is none. */
function toNumber(told: string | undefined): number {
  const value = Number(told);
  if (Number.isNaN(value)) throw new Error(`not a number: ${told}`);
  return value;
}

const pairs = (fields: readonly string[]): readonly (readonly [string, number])[] =>
  Array.from({ length: fields.length / 2 }, (_, index) => [
    fields[2 * index] ?? '',
    numberOr0(fields[2 * index + 1]),
  ]);

function numberOr0(told: string | undefined): number {
  const value = Number(told);
  return Number.isFinite(value) ? value : 0;
}
