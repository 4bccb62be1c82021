import { batchPaths, decodeOutcome } from '@spillway/batches';
import type { LineOutcome } from '@spillway/core';
import type { Turn, TurnDeps, TurnOutcome } from './turn.ts';
import { usedBy } from './used-by.ts';

/** One part file: as many settled lines as fit both. */
const MOST_LINES = 1000;
const MOST_BYTES = 8_388_608;
const PAGE = 50;

/**
 * Writes settled lines to a part file, and then forgets them in the store. Who dies in between leaves a file that nothing
 * names, and the next one writes those lines again under another name.
 */
export async function drainLines(
  { work, blobs, metrics }: TurnDeps,
  { lease, batch, signal }: Pick<Turn, 'lease' | 'batch' | 'signal'>,
): Promise<TurnOutcome> {
  const { record, view } = batch;
  const outcomes: LineOutcome[] = [];
  const lines: Buffer[] = [];
  let bytes = 0;
  while (outcomes.length < Math.min(view.settled, MOST_LINES) && bytes < MOST_BYTES) {
    const page = await work.settled(record.id, outcomes.length, PAGE);
    if (page.length === 0) break;
    for (const text of page) {
      const line = Buffer.from(`${text}\n`);
      outcomes.push(decodeOutcome(text));
      lines.push(line);
      bytes += line.length;
    }
  }
  const part = {
    from: view.drained,
    count: outcomes.length,
    path: batchPaths(record.id).part(view.drained, String(lease.fence)),
  };
  await blobs.write({ tenantId: record.tenantId, path: part.path }, lines, { signal });
  if (await work.drained(lease, part, usedBy(outcomes))) metrics.drained.inc(outcomes.length);
  return 'next';
}
