import type { BackendId, FreshJob, JobId, JobView, LaneView, TenantId } from '@spillway/core';
import { z } from 'zod';
import { parseFeatures, parsePrefix } from '../jobs/job-features.ts';
import { parseLaneKey } from '../keys.ts';
import { backendDescriptorSchema } from '../workers/descriptor.ts';
import type { BackendState, StoreSnapshot } from './take-snapshot.ts';

const text = z.string();
const number = z.coerce.number();
const viewSchema = z.array(text);
const backendSchema = z.tuple([text, text, number, number, number, number, number, number, text, text]);
const replySchema = z.tuple([
  number,
  z.array(backendSchema),
  z.array(z.tuple([text, number, number, z.array(viewSchema)])),
  z.array(z.tuple([text, number, viewSchema])),
  z.array(text),
  z.array(text),
]);

/** What `script/lib/snapshot.lua` answers. What this version cannot read is left out and named. */
export function readSnapshot(reply: unknown): Omit<StoreSnapshot, 'outputLengths'> {
  const [nowMs, backends, lanes, fresh, virtualTokens, overflowing] = replySchema.parse(reply);
  const unreadable = new Set<string>();
  const unreadableFresh: JobId[] = [];
  const readOr = <Value>(name: string, read: () => Value): readonly Value[] => {
    try {
      return [read()];
    } catch {
      unreadable.add(name);
      return [];
    }
  };
  return {
    nowMs,
    backends: backends.flatMap((fields) => readOr(`backend ${fields[0]}`, () => toBackend(fields))),
    lanes: lanes.flatMap(([key, depth, inputTokens, views]) =>
      readOr(`lane ${key}`, (): LaneView => {
        const name = parseLaneKey(key);
        const head = views.flatMap((fields) => readOr(`job ${fields[0]}`, () => toJob(fields)));
        return { key, ...name, depth, inputTokens, head };
      }),
    ),
    fresh: fresh.flatMap(([laneKey, ahead, fields]) => {
      const read = readOr(`job ${fields[0]}`, (): FreshJob => ({ laneKey, job: toJob(fields), ahead }));
      if (read.length === 0) unreadableFresh.push((fields[0] ?? '') as JobId);
      return read;
    }),
    virtualTokens: new Map(
      pairs(virtualTokens).map(([tenant, tokens]) => [tenant as TenantId, tokens] as const),
    ),
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

/** Throws on a job of another version. */
function toJob([
  id,
  fence,
  createdAtMs,
  availableAtMs,
  deadlineAtMs,
  features,
  excluded,
  rescues,
  prefix,
]: readonly string[]): JobView {
  const known = parseFeatures(features ?? '');
  if (known === undefined) throw new Error(`${id} has features of another version`);
  return {
    id: id as JobId,
    fence: Number(fence),
    submittedAtMs: Number(createdAtMs),
    // since when it waits this time: a retry has not waited while it ran
    queuedAtMs: Number(availableAtMs),
    deadlineAtMs: Number(deadlineAtMs),
    ...known,
    prefix: parsePrefix(prefix ?? ''),
    rescues: Number(rescues),
    excluded: excluded ? (excluded.split(',') as BackendId[]) : [],
  };
}

/** What is no number counts as 0. */
const pairs = (fields: readonly string[]): readonly (readonly [string, number])[] =>
  Array.from({ length: fields.length / 2 }, (_, index) => {
    const value = Number(fields[2 * index + 1]);
    return [fields[2 * index] ?? '', Number.isFinite(value) ? value : 0];
  });
