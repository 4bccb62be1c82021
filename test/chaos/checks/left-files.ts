import type { FaultRecord } from '../faults/fault.ts';
import type { BlobFile } from '../history/facts.ts';
import type { Check } from './violation.ts';

/**
 * Of the blobs there are left those of files that the store knows and, of a batch, its index and its journal. A process
 * that was killed while it wrote leaves that one file, which is swept up after a day; a batch-worker that was stopped may
 * finish a part file that nobody waits for any more, which goes with the batch.
 */
export const leftFiles: Check = ({ leftovers: { blobs, known }, faults }) => {
  const ids = new Set(known);
  return blobs
    .filter(({ path }) => !isKept(path, ids))
    .filter((blob) => !wasBrokenOff(blob, faults) && !isBelated(blob, faults))
    .map(({ path }) => ({ figure: 'left_behind', detail: `blob ${path}` }));
};

const KEPT = /^blobs\/[^/]+\/(?:files\/(file-[^/]+)|batches\/(batch_[^/]+)\/(?:index|journal\.jsonl))~$/;

function isKept(path: string, known: ReadonlySet<string>): boolean {
  const [, file, batch] = KEPT.exec(path) ?? [];
  return known.has(file ?? batch ?? '');
}

/** From the last write to the end of who wrote. */
const WROTE_WITHIN_MS = 5_000;
const WRITERS = ['ingest-api', 'batch-worker'];

const wasBrokenOff = ({ path, modifiedAtMs }: BlobFile, faults: readonly FaultRecord[]): boolean =>
  path.startsWith('writing/') &&
  faults.some(
    ({ process, trouble, pid, beganAtMs }) =>
      pid > 0 &&
      trouble.kind === 'kill' &&
      WRITERS.some((name) => process.startsWith(name)) &&
      beganAtMs >= modifiedAtMs - CLOCK_MS &&
      beganAtMs <= modifiedAtMs + WROTE_WITHIN_MS,
  );

const isBelated = ({ path, modifiedAtMs }: BlobFile, faults: readonly FaultRecord[]): boolean =>
  PART.test(path) &&
  faults.some(
    ({ process, trouble, pid, endedAtMs }) =>
      pid > 0 &&
      trouble.kind === 'stop' &&
      process.startsWith('batch-worker') &&
      endedAtMs <= modifiedAtMs + CLOCK_MS &&
      modifiedAtMs <= endedAtMs + WROTE_WITHIN_MS,
  );

const PART = /^blobs\/[^/]+\/batches\/[^/]+\/parts\//;

/** The clock of files goes in steps. */
const CLOCK_MS = 50;
