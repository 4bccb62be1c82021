import type { AttemptOutcome, FailureReason } from '@spillway/core';
import { expect, test } from 'vitest';
import { judgeAttempt } from './judge-attempt.ts';

const usage = { inputTokens: 1, cachedInputTokens: 0, outputTokens: 1, costMicroUsd: 0 };
const answered: AttemptOutcome = { kind: 'completed', statusCode: 200, body: {}, usage };
const failed = (kind: Exclude<FailureReason['kind'], never>): AttemptOutcome => ({
  kind: 'failed',
  reason: { kind, detail: '' },
});

test('an answer speaks for its backend, whatever was about to stop it', () => {
  expect(judgeAttempt({ outcome: answered, stopped: undefined })).toBe('succeeded');
  expect(judgeAttempt({ outcome: answered, stopped: 'deadline' })).toBe('succeeded');
});

test.each([
  'backend-error',
  'backend-quota-exhausted',
  'backend-refused-credentials',
  'backend-unreachable',
  'engine-lost',
  'malformed-answer',
] as const)('%s speaks against it', (kind) => {
  expect(judgeAttempt({ outcome: failed(kind), stopped: undefined })).toBe('failed');
});

test('one that took too long did so by its own clock or by ours', () => {
  expect(judgeAttempt({ outcome: { kind: 'aborted' }, stopped: 'attempt-timeout' })).toBe('timed-out');
  expect(judgeAttempt({ outcome: failed('backend-timeout'), stopped: undefined })).toBe('timed-out');
});

test.each([
  'backend-overloaded',
  'context-exceeded',
  'invalid-request',
  'model-not-found',
  'privacy-violation-blocked',
  'unservable',
  'unsupported-by-backend',
  'worker-drained',
  'worker-lost',
] as const)('%s says nothing of it', (kind) => {
  expect(judgeAttempt({ outcome: failed(kind), stopped: undefined })).toBeUndefined();
});

test.each(['lease-lost', 'deadline', 'draining'] as const)(
  'an attempt that we stopped (%s) says nothing of it, however its adapter words that',
  (stopped) => {
    expect(judgeAttempt({ outcome: { kind: 'aborted' }, stopped })).toBeUndefined();
    expect(judgeAttempt({ outcome: failed('backend-unreachable'), stopped })).toBeUndefined();
  },
);

test('an adapter that stops unasked is our mistake, not that of its backend', () => {
  expect(judgeAttempt({ outcome: { kind: 'aborted' }, stopped: undefined })).toBeUndefined();
});
