import type { JobId } from '@spillway/core';
import { expect, test } from 'vitest';
import { parseJobView, SEPARATOR } from './parse-job-view.ts';

const id = 'job_1' as JobId;
const FIELDS = ['3', '1000', '2000', '9000', 'c a m8 74 chat', 'gpu,cpu', '1', ''];
const parse = (fields: readonly string[]) => parseJobView(id, fields.join(SEPARATOR));

test('a job is read as it is told of', () => {
  expect(parse(FIELDS)).toEqual({
    id,
    fence: 3,
    submittedAtMs: 1000,
    queuedAtMs: 2000,
    deadlineAtMs: 9000,
    endpoint: '/v1/chat/completions',
    strategy: 'auto',
    task: 'chat',
    inputTokens: 800,
    outputTokens: 256,
    prefix: [],
    rescues: 1,
    excluded: ['gpu', 'cpu'],
  });
});

test.each([
  ['of other features', FIELDS.with(4, '{"of":"another version"}')],
  ['of fewer fields', FIELDS.slice(0, -1)],
  ['of more fields', [...FIELDS, 'more']],
  ['of nothing', []],
])('a job %s is nobody’s', (_what, fields) => {
  expect(parse(fields)).toBeUndefined();
});
