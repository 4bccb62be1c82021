import { expect, test } from 'vitest';
import { NO_USAGE } from './usage.ts';

test('no usage is no tokens and no money, and says nothing of energy nobody measured', () => {
  expect(NO_USAGE).toEqual({ inputTokens: 0, cachedInputTokens: 0, outputTokens: 0, costMicroUsd: 0 });
});
