import { createSchemaValidator, type ValidateAnswer } from '@spillway/documents';
import { err } from '@spillway/core';
import type { LeasedBatch } from '@spillway/redis';
import type { Turn, TurnOutcome } from '../turns/turn.ts';
import { type AdvanceFrame, advanceLine } from './advance-line.ts';
import { AdvanceDraft } from './advance-draft.ts';
import type { DocumentDeps } from './document-deps.ts';
import { documentOptionsOf, type DocumentOptions } from './document-options.ts';
import { decodeState } from './line-state.ts';

const MOST_ENDED = 64;

/**
 * Takes steps that ended, as they ended, and what they lead to: all of it is one write, so whoever dies before has done
 * nothing, and a worker whose lease or view is old changes nothing.
 */
export async function advanceDocuments(
  deps: DocumentDeps,
  { lease, batch, signal }: Turn<'advance'>,
): Promise<TurnOutcome> {
  const { record } = batch;
  const options = documentOptionsOf(record);
  const startedAt = performance.now();
  const ended = await deps.work.ended(record.id, MOST_ENDED);
  const lines = new Set(ended.flatMap(({ came }) => (came === undefined ? [] : [came.result.line])));
  const texts = await deps.work.steps(record.id, [...lines]);
  const draft = new AdvanceDraft(
    new Map([...texts].map(([line, text]) => [line, decodeState(text)] as const)),
  );
  const frame: AdvanceFrame = {
    work: deps.work,
    record,
    options,
    config: deps.config(),
    nowMs: batch.nowMs + Math.round(performance.now() - startedAt),
    validate: validatorOf(options),
    stopped: stoppedBy(batch),
  };
  for (const step of ended) {
    signal.throwIfAborted();
    await advanceLine(frame, draft, step);
    if (draft.isFull) break;
  }
  if (draft.isEmpty) return 'next';
  await deps.work.advance(lease, record, draft.toAdvance());
  return 'next';
}

function stoppedBy({ record, nowMs }: LeasedBatch): AdvanceFrame['stopped'] {
  if (record.status === 'cancelling') return 'cancelled';
  return nowMs >= record.expiresAtMs ? 'expired' : undefined;
}

/** Compiled when the first answer is there. */
function validatorOf({ schema }: DocumentOptions): ValidateAnswer | undefined {
  if (schema === undefined) return undefined;
  let validate: ValidateAnswer | undefined;
  return (value) => {
    validate ??= compile(schema);
    return validate(value);
  };
}

/** The API refuses a schema that cannot be used; this is for one that an older version took. */
function compile(schema: NonNullable<DocumentOptions['schema']>): ValidateAnswer {
  const compiled = createSchemaValidator(schema);
  return compiled.ok ? compiled.value : () => err([compiled.error]);
}
