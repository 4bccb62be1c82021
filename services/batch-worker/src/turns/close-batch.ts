import { transitionBatch } from '@spillway/core';
import type { Turn, TurnDeps, TurnOutcome } from './turn.ts';

/** No line is under way any more and none will be fed: from here on the results are written down. */
export async function closeBatch({ work }: TurnDeps, { lease, batch }: Turn<'close'>): Promise<TurnOutcome> {
  const { status } = batch.record;
  const next = transitionBatch(status, { kind: 'lines-ended' });
  if (next.ok) await work.move(lease, status, next.value, undefined);
  return 'next';
}
