import { expect, test } from 'vitest';
import { isJobStateKind, isTerminal, JOB_STATE_KINDS } from './state.ts';

test('a job that is queued, dispatched or running may still change; the others have ended', () => {
  expect(JOB_STATE_KINDS.filter((kind) => !isTerminal(kind))).toEqual(['queued', 'dispatched', 'running']);
});

test('only the names of states are names of states', () => {
  expect(JOB_STATE_KINDS.filter(isJobStateKind)).toEqual(JOB_STATE_KINDS);
  expect(['', 'Queued', 'done', 'toString'].filter(isJobStateKind)).toEqual([]);
});
