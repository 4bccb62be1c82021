import { type BatchId, parseId } from '@spillway/core';
import { describe, expect, test } from 'vitest';
import { firstAsk, parseStepName, type Step, stepJobId, stepName } from './step.ts';

const record = { id: 'batch_1' as BatchId, createdAtMs: 1_790_000_000_000 };
const again: readonly Step[] = [false, true].flatMap((plain) =>
  [false, true].map((repair) => ({ ...firstAsk(1, 12), plain, repair })),
);

describe('the name of a step', () => {
  test.each(again)('is read as it was written: %j', (step) => {
    expect(parseStepName(stepName(step))).toEqual(step);
  });

  test.each(['', '1', '1.', 'a.b', '1.2x', '1.2rp', '-1.2'])('of another version is none: %j', (name) => {
    expect(parseStepName(name)).toBeUndefined();
  });
});

describe('the job of a step', () => {
  const first = firstAsk(0, 0);

  test('is the same whoever asks, and another for each batch, line and step', () => {
    const id = stepJobId(record, 0, first);
    expect(parseId('JobId', id)).toEqual({ ok: true, value: id });
    const others = [
      stepJobId({ ...record, id: 'batch_2' as BatchId }, 0, first),
      stepJobId(record, 1, first),
      ...again.map((step) => stepJobId(record, 0, step)),
    ];
    expect(new Set([id, ...others]).size).toBe(1 + others.length);
    expect(stepJobId(record, 0, first)).toBe(id);
  });

  test('sorts by the age of its batch and then by its document', () => {
    const ids = [
      stepJobId(record, 0, firstAsk(3, 7)),
      stepJobId(record, 1, first),
      stepJobId(record, 5000, first),
      stepJobId(record, 70_000, first),
      stepJobId({ ...record, createdAtMs: record.createdAtMs + 1 }, 0, first),
    ];
    expect(ids.toSorted()).toEqual(ids);
  });
});
