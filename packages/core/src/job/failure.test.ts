import { expect, test } from 'vitest';
import { type FailureKind, isFailureKind, type Verdict, verdictOf } from './failure.ts';

const VERDICTS: Readonly<Record<FailureKind, Verdict>> = {
  'backend-unreachable': 'retry-elsewhere',
  'backend-overloaded': 'retry-elsewhere',
  'backend-error': 'retry',
  'backend-timeout': 'retry',
  'backend-refused-credentials': 'retry-elsewhere',
  'backend-quota-exhausted': 'retry-elsewhere',
  'malformed-answer': 'retry',
  'model-not-found': 'retry-elsewhere',
  'unsupported-by-backend': 'retry-elsewhere',
  'context-exceeded': 'retry-elsewhere',
  'invalid-request': 'give-up',
  'privacy-violation-blocked': 'retry-elsewhere',
  'worker-drained': 'retry',
  'engine-lost': 'retry',
  'worker-lost': 'give-up',
  unservable: 'give-up',
};

test.each(Object.entries(VERDICTS))('%s: %s', (kind, verdict) => {
  expect(isFailureKind(kind)).toBe(true);
  expect(verdictOf({ kind: kind as FailureKind, detail: '' })).toBe(verdict);
});

test.each(['', 'timeout', 'toString', 'Backend-Error'])('%j is no failure kind', (raw) => {
  expect(isFailureKind(raw)).toBe(false);
});
