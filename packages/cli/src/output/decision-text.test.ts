import { expect, test } from 'vitest';
import { A_DECISION } from '../testing/a-decision.ts';
import { decisionText } from './decision-text.ts';

/** What is told of the outcome, on one line and without styles. */
const told = (errorTokens: number | null): string => {
  const outcome = A_DECISION.outcome && { ...A_DECISION.outcome, output_error_tokens: errorTokens };
  return decisionText({ ...A_DECISION, outcome }, (_style, text) => text).replaceAll(/\s+/g, ' ');
};

test('an outcome tells how far the length of the answer was from the predicted one, where it is known', () => {
  expect(told(-21)).toContain('saved $0.00057; the answer was 21 tokens shorter than predicted');
  expect(told(1500)).toContain('saved $0.00057; the answer was 1,500 tokens longer than predicted');
  expect(told(0)).toContain('saved $0.00057; the answer was as long as predicted');
  expect(told(null)).not.toContain('the answer was');
});
