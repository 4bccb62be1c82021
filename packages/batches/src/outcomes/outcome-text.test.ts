import { expect, test } from 'vitest';
import { failedOutcome, outcomeOf } from '../testing/outcomes.ts';
import { decodeOutcome, encodeOutcome } from './outcome-text.ts';

const document = { name: 'minutes.md', sha256: 'ab'.repeat(32), pages: undefined, chunks: 3 };

test.each([
  outcomeOf(),
  outcomeOf({
    usage: { inputTokens: 1, cachedInputTokens: 0, outputTokens: 2, costMicroUsd: 0, energyJoules: 3.5 },
  }),
  outcomeOf({ body: { text: 'line\nbreak\u2028', nested: [{ x: null }] } }),
  failedOutcome('backend-error'),
  outcomeOf({ outcome: 'expired', jobId: undefined, servedBy: undefined, why: undefined, tookMs: undefined }),
  outcomeOf({ document: { ...document, output: 'A summary' } }),
  outcomeOf({ document: { ...document, pages: 2, output: { total: 12.5, lines: ['a'] } } }),
  outcomeOf({ document: { ...document, output: null } }),
])('an outcome is read as it was written: %#', (outcome) => {
  const text = encodeOutcome(outcome);
  expect(text).not.toContain('\n');
  expect(decodeOutcome(text)).toStrictEqual(outcome);
});

test('a field of a newer version is no harm, a text that is no outcome is a bug', () => {
  const newer = JSON.stringify({ ...outcomeOf(), added: 1 });
  expect(decodeOutcome(newer)).toStrictEqual(outcomeOf());
  for (const text of ['{}', '[]', JSON.stringify({ ...outcomeOf(), outcome: 'lost' })]) {
    expect(() => decodeOutcome(text)).toThrow('invalid_');
  }
  expect(() => decodeOutcome('')).toThrow('JSON');
});
