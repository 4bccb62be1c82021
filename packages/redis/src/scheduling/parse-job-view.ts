import type { BackendId, JobId, JobView } from '@spillway/core';
import { parseFeatures, parsePrefix } from '../jobs/job-features.ts';

/** Between the fields of what `script/lib/snapshot.lua` tells of a lane or a job. */
export const SEPARATOR = '\u001F';
const FIELDS = 8;

/** What a plan sees of a job; undefined for a text this version cannot read. */
export function parseJobView(id: JobId, text: string): JobView | undefined {
  const fields = text.split(SEPARATOR);
  const [fence, createdAtMs, availableAtMs, deadlineAtMs, features, excluded, rescues, prefix] = fields;
  const known = parseFeatures(features ?? '');
  if (known === undefined || prefix === undefined || fields.length > FIELDS) return undefined;
  return {
    ...known,
    id,
    fence: Number(fence),
    submittedAtMs: Number(createdAtMs),
    // since when it waits this time: a retry has not waited while it ran
    queuedAtMs: Number(availableAtMs),
    deadlineAtMs: Number(deadlineAtMs),
    prefix: parsePrefix(prefix),
    rescues: Number(rescues),
    excluded: excluded ? (excluded.split(',') as BackendId[]) : [],
  };
}
