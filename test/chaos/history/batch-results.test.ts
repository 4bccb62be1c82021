import { expect, test } from 'vitest';
import { toLineResult } from './batch-results.ts';

const body = {
  choices: [{ message: { content: '[simulated openai] 0123456789ab answers' } }],
  usage: { prompt_tokens: 7, completion_tokens: 3 },
};

test('of an answer it keeps its status, whose input it answers, and its usage', () => {
  const response = { status_code: 200, request_id: 'req_1', body };
  expect(toLineResult({ id: 'r', custom_id: 'line-1', response, error: null })).toEqual({
    customId: 'line-1',
    statusCode: 200,
    errorCode: undefined,
    digest: '0123456789ab',
    inputTokens: 7,
    outputTokens: 3,
  });
});

test('of a line that was not answered it keeps why', () => {
  const error = { code: 'batch_expired', message: 'too late' };
  expect(toLineResult({ id: 'r', custom_id: 'line-1', response: null, error })).toMatchObject({
    statusCode: undefined,
    errorCode: 'batch_expired',
    digest: undefined,
    inputTokens: 0,
  });
});
