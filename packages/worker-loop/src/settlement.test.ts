import {
  type AttemptOutcome,
  type BackendId,
  DEFAULT_RETRY_POLICY,
  type FailureKind,
  type FailureReason,
  NO_USAGE,
} from '@spillway/core';
import type { BackendFault, Claim, ServedBy, Settlement } from '@spillway/redis';
import { describe, expect, test } from 'vitest';
import { decideSettlement, type StopCause } from './settlement.ts';
import { aClaim } from './testing/a-claim.ts';

const gpu = 'gpu-0' as BackendId;
const local: ServedBy = { backend: gpu, location: 'local', model: 'house-model', simulated: true };
/** A second after the attempt began. */
const NOW_MS = 1000;
const detail = 'it went wrong';

const settle = (
  outcome: AttemptOutcome,
  stopped?: StopCause,
  claim: Claim = aClaim(),
  servedBy = local,
): Settlement | undefined =>
  decideSettlement(claim, { outcome, stopped, endedAtMs: NOW_MS }, servedBy, DEFAULT_RETRY_POLICY, 0.5);

const completed: AttemptOutcome = { kind: 'completed', statusCode: 200, body: { id: 'a' }, usage: NO_USAGE };
const failed = (reason: FailureReason): AttemptOutcome => ({ kind: 'failed', reason });
const backendError = failed({ kind: 'backend-error', detail });
const cooled = (coolForMs: number): BackendFault => ({ blamed: false, coolForMs });
const afterFailures = (failures: number): Settlement | undefined =>
  settle(backendError, undefined, aClaim({ failures }));
const STOPS: readonly (StopCause | undefined)[] = [
  undefined,
  'lease-lost',
  'deadline',
  'attempt-timeout',
  'draining',
];

describe('an answer', () => {
  test.each(STOPS)('counts even when the attempt was being stopped (%s)', (stopped) => {
    expect(settle(completed, stopped)).toEqual({
      kind: 'completed',
      statusCode: 200,
      body: { id: 'a' },
      usage: NO_USAGE,
      servedBy: local,
    });
  });
});

describe.each([
  ['an aborted attempt', { kind: 'aborted' }],
  ['an attempt that failed on its way out', backendError],
] as const)('%s', (_what, outcome) => {
  test('whose lease is lost writes nothing', () => {
    expect(settle(outcome, 'lease-lost')).toBeUndefined();
  });

  test('that met the deadline expires the job', () => {
    expect(settle(outcome, 'deadline')).toEqual({ kind: 'expired' });
  });

  test('of a draining worker gives the job back', () => {
    expect(settle(outcome, 'draining')).toEqual({ kind: 'returned' });
  });

  test('that took too long is a timeout the backend is blamed for, and the job is tried again', () => {
    expect(settle(outcome, 'attempt-timeout')).toEqual({
      kind: 'retry',
      reason: { kind: 'backend-timeout', detail: "no answer within the attempt's 30 s" },
      availableAtMs: NOW_MS + 250,
      exclude: undefined,
      backendFault: { blamed: true, coolForMs: 0 },
    });
  });
});

test('an adapter that stops unasked has failed: it could otherwise run a job for ever', () => {
  expect(settle({ kind: 'aborted' })).toMatchObject({ kind: 'retry', reason: { kind: 'backend-error' } });
  expect(settle({ kind: 'aborted' }, undefined, aClaim({ failures: 3 }))).toMatchObject({ kind: 'failed' });
});

describe('a failure', () => {
  const blamed: BackendFault = { blamed: true, coolForMs: 0 };
  const innocent: BackendFault = { blamed: false, coolForMs: 0 };

  type Row = readonly [verdict: 'again' | 'elsewhere' | 'crashed' | 'give-up', fault: BackendFault];
  const TABLE = {
    'backend-unreachable': ['elsewhere', cooled(3000)],
    'backend-overloaded': ['elsewhere', cooled(1000)],
    'backend-error': ['again', blamed],
    'backend-timeout': ['again', blamed],
    'backend-refused-credentials': ['elsewhere', cooled(60_000)],
    'backend-quota-exhausted': ['elsewhere', cooled(60_000)],
    'malformed-answer': ['again', blamed],
    'model-not-found': ['elsewhere', innocent],
    'unsupported-by-backend': ['elsewhere', innocent],
    'context-exceeded': ['elsewhere', innocent],
    'invalid-request': ['give-up', innocent],
    'privacy-violation-blocked': ['elsewhere', innocent],
    'worker-drained': ['again', innocent],
    'engine-lost': ['crashed', cooled(3000)],
    'worker-lost': ['give-up', innocent],
    unservable: ['give-up', innocent],
  } as const satisfies Record<FailureKind, Row>;

  test.each(Object.entries(TABLE))('%s: %s', (kind, [verdict, backendFault]) => {
    const reason = { kind: kind as FailureKind, detail };
    const availableAtMs = NOW_MS + 250;
    const exclude = verdict === 'elsewhere' ? gpu : undefined;
    const expected = {
      again: { kind: 'retry', reason, availableAtMs, exclude, backendFault },
      elsewhere: { kind: 'retry', reason, availableAtMs, exclude, backendFault },
      crashed: { kind: 'crashed', reason, availableAtMs, backendFault },
      'give-up': { kind: 'failed', reason, backendFault },
    };
    expect(settle(failed(reason))).toEqual(expected[verdict]);
  });

  test('a backend that says how long to wait is left alone that long', () => {
    const reason = { kind: 'backend-overloaded', detail, retryAfterMs: 7000 } as const;
    expect(settle(failed(reason))).toMatchObject({ backendFault: { blamed: false, coolForMs: 7000 } });
  });

  test('the fourth failure is the last, and backing off grows until then', () => {
    expect([0, 1, 2].map(afterFailures)).toMatchObject([
      { availableAtMs: NOW_MS + 250 },
      { availableAtMs: NOW_MS + 500 },
      { availableAtMs: NOW_MS + 1000 },
    ]);
    expect(afterFailures(3)).toMatchObject({ kind: 'failed', backendFault: blamed });
  });

  test('attempts that were given back are not failures: the ninth attempt may be the first failure', () => {
    expect(settle(backendError, undefined, aClaim({ attempt: 9, failures: 0 }))).toMatchObject({
      kind: 'retry',
      availableAtMs: NOW_MS + 250,
    });
  });

  test('no retry is planned at or past the deadline', () => {
    expect(settle(backendError, undefined, aClaim({ deadlineAtMs: NOW_MS + 250 }))).toMatchObject({
      kind: 'failed',
    });
  });
});

describe('an engine that died under the attempt', () => {
  const reason = { kind: 'engine-lost', detail } as const;
  const crashed = (changes: Partial<Claim>, servedBy = local): Settlement | undefined =>
    settle(failed(reason), undefined, aClaim(changes), servedBy);

  test('the wait grows with the deaths the job has seen, whatever its failures', () => {
    expect([0, 1, 2].map((rescues) => crashed({ rescues, failures: 3 }))).toMatchObject([
      { kind: 'crashed', availableAtMs: NOW_MS + 250 },
      { kind: 'crashed', availableAtMs: NOW_MS + 500 },
      { kind: 'crashed', availableAtMs: NOW_MS + 1000 },
    ]);
  });

  test('no attempt is planned at or past the deadline', () => {
    const backendFault = cooled(3000);
    expect(crashed({ deadlineAtMs: NOW_MS + 250 })).toEqual({ kind: 'failed', reason, backendFault });
  });

  test('a cloud has no engine of ours: a failure like any other', () => {
    const cloud: ServedBy = { ...local, location: 'cloud' };
    expect(crashed({}, cloud)).toMatchObject({ kind: 'retry', availableAtMs: NOW_MS + 250 });
    expect(crashed({ failures: 3 }, cloud)).toMatchObject({ kind: 'failed' });
  });

  test('stopped by us before it broke, it is no death of an engine', () => {
    expect(settle(failed(reason), 'draining')).toEqual({ kind: 'returned' });
    expect(settle(failed(reason), 'attempt-timeout')).toMatchObject({ reason: { kind: 'backend-timeout' } });
  });
});
