import type { BlobStore } from '@spillway/blobs';
import { decodeOutcome, openLines } from '@spillway/batches';
import type { LineOutcome } from '@spillway/core';
import type { BatchRecord, BatchWork } from '@spillway/redis';

const PARTS_AT_ONCE = 100;

/** A line of the part files, as it stands there and as it reads. */
export interface PartLine {
  readonly text: string;
  readonly outcome: LineOutcome;
}

/** Every line of a batch's part files, in the order in which they settled. Throws when a part is not there. */
export async function* readParts(
  record: BatchRecord,
  { work, blobs }: { readonly work: Pick<BatchWork, 'parts'>; readonly blobs: BlobStore },
  signal: AbortSignal,
): AsyncGenerator<PartLine, void, undefined> {
  let from = 0;
  for (;;) {
    const parts = await work.parts(record.id, from, PARTS_AT_ONCE);
    if (parts.length === 0) return;
    for (const part of parts) {
      const lines = await openLines(blobs, { tenantId: record.tenantId, path: part.path }, 0, { signal });
      if (lines === undefined) throw new Error(`${part.path} of ${record.id} is not in the blob store`);
      for await (const text of lines) yield { text, outcome: decodeOutcome(text) };
      from = part.from + part.count;
    }
  }
}
