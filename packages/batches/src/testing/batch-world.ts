import type { BlobStore } from '@spillway/blobs';
import type { BatchStatus } from '@spillway/core';
import type { BatchDescription, BatchRecord, BatchStore, Part } from '@spillway/redis';
import { batchPaths } from '../batch-paths.ts';
import { encodeOutcome } from '../outcomes/outcome-text.ts';
import { BATCH_ID, outcomeOf, TENANT } from './outcomes.ts';

const signal = new AbortController().signal;
const paths = batchPaths(BATCH_ID);

/** What happens to a batch between two calls of who reads it. */
export type BatchStep = 'settle' | 'drain' | 'end' | 'nothing';

export const batchRecord = (total: number, status: BatchStatus): BatchRecord => ({
  id: BATCH_ID,
  tenantId: TENANT,
  status,
  version: 1,
  description: { inputPath: paths.input } as BatchDescription,
  webhook: undefined,
  createdAtMs: 0,
  inProgressAtMs: 0,
  cancellingAtMs: undefined,
  finalizingAtMs: undefined,
  endedAtMs: undefined,
  expiresAtMs: 1,
  paused: false,
  counts: { total, completed: 0, failed: 0, cancelled: 0, expired: 0 },
  usage: { inputTokens: 0, cachedInputTokens: 0, outputTokens: 0, costMicroUsd: 0, reasoningTokens: 0 },
  linesPerSecond: undefined,
  model: undefined,
  mistakes: [],
  outputFileId: undefined,
  errorFileId: undefined,
});

/**
 * A batch whose lines settle, are drained and become a journal as the store does it, one step of the plan at every call
 * of a reader: before it looks, or after. When the plan is over, the batch ends.
 */
export function createBatchWorld(blobs: BlobStore, total: number, plan: readonly BatchStep[]) {
  const steps = [...plan];
  const texts = Array.from({ length: total }, (_, line) =>
    encodeOutcome(outcomeOf({ line, customId: `r-${line}` })),
  );
  let parts: Part[] = [];
  let settled = 0;
  let drained = 0;
  let hasEnded = false;

  const write = async (path: string, lines: readonly string[]): Promise<void> => {
    await blobs.write({ tenantId: TENANT, path }, [Buffer.from(lines.map((line) => `${line}\n`).join(''))], {
      signal,
    });
  };
  const end = async (): Promise<void> => {
    if (hasEnded) return;
    // Lines that never began come last.
    await write(paths.journal, texts);
    hasEnded = true;
    parts = [];
    await blobs.deletePrefix({ tenantId: TENANT, path: `${paths.prefix}/parts` }, { signal });
  };
  const step = async (): Promise<void> => {
    switch (steps.shift() ?? 'end') {
      case 'settle':
        settled = Math.min(total, settled + 1);
        break;
      case 'drain': {
        if (hasEnded || settled === drained) break;
        const part = { from: drained, count: settled - drained, path: paths.part(drained, 'tag') };
        await write(part.path, texts.slice(drained, settled));
        parts = [...parts, part];
        drained = settled;
        break;
      }
      case 'end':
        await end();
        break;
      case 'nothing':
    }
  };
  const between = async <Value>(look: () => Value): Promise<Value> => {
    await step();
    const seen = look();
    await step();
    return seen;
  };
  const store: Pick<BatchStore, 'one' | 'parts' | 'settled'> = {
    one: () => between(() => batchRecord(total, hasEnded ? 'completed' : 'in_progress')),
    parts: (_, from, count) =>
      between(() => parts.filter((part) => part.from + part.count > from).slice(0, count)),
    settled: (_, from, count) =>
      between(() => {
        if (hasEnded) return [];
        return from < drained ? undefined : texts.slice(from, Math.min(settled, from + count));
      }),
  };
  return {
    store,
    texts,
    settled: () => settled,
    /** Goes on by itself, before anybody looks. */
    advance: async (count: number): Promise<void> => {
      for (let done = 0; done < count; done += 1) await step();
    },
  };
}
