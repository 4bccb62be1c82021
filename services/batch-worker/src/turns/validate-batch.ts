import { batchPaths, type InputVerdict, openBlobWriter, validateInput } from '@spillway/batches';
import { transitionBatch } from '@spillway/core';
import { inputKey } from '../lines/input-key.ts';
import { inputRulesOf } from '../lines/input-rules.ts';
import { eventOf } from './event-of.ts';
import type { Turn, TurnDeps, TurnOutcome } from './turn.ts';

/**
 * Reads the whole input once: writes where each of its lines begins, and opens the batch for feeding; or ends it with all
 * its mistakes. Who dies in between leaves nothing that anybody reads.
 */
export async function validateBatch(deps: TurnDeps, turn: Turn<'validate'>): Promise<TurnOutcome> {
  const { lease, batch } = turn;
  const { record } = batch;
  const verdict = await readInput(deps, turn);
  const found = fieldsOf(verdict);
  if (record.status === 'cancelling') {
    // Cancelled before anybody counted its lines: now they can be written down as that.
    await deps.work.move(lease, 'cancelling', 'cancelling', undefined, found);
    return 'next';
  }
  const next = transitionBatch(record.status, {
    kind: verdict.kind === 'valid' ? 'validated' : 'rejected',
  });
  if (!next.ok) return 'next';
  const moved = await deps.work.move(lease, record.status, next.value, eventOf(record, next.value), found);
  if (moved && verdict.kind === 'invalid') deps.metrics.ended.inc({ status: next.value });
  return 'next';
}

function fieldsOf(verdict: InputVerdict): Readonly<Record<string, string | number>> {
  if (verdict.kind === 'invalid') return { validated: 1, mistakes: JSON.stringify(verdict.mistakes) };
  const [model, ...others] = verdict.models;
  return { validated: 1, total: verdict.total, ...(others.length === 0 && model !== undefined && { model }) };
}

async function readInput(
  { blobs, config }: TurnDeps,
  { batch, signal }: Turn<'validate'>,
): Promise<InputVerdict> {
  const { record } = batch;
  const read = await blobs.read(inputKey(record), { signal });
  if (read === undefined) return GONE;
  const index = openBlobWriter(
    blobs,
    { tenantId: record.tenantId, path: batchPaths(record.id).index },
    { signal },
  );
  try {
    const verdict = await validateInput(read.body, inputRulesOf(record, config()), {
      signal,
      writeIndex: (chunk) => index.write(chunk),
    });
    await (verdict.kind === 'valid' ? index.end() : index.abort());
    return verdict;
  } catch (error) {
    await index.abort();
    throw error;
  }
}

const GONE: InputVerdict = {
  kind: 'invalid',
  mistakes: [
    {
      code: 'input_file_not_found',
      message: 'The input file is not there any more: upload it again and create the batch anew.',
      param: 'input_file_id',
      line: null,
    },
  ],
};
