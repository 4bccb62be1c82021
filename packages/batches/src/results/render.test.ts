import type Anthropic from '@anthropic-ai/sdk';
import { documentResultSchema } from '@spillway/contracts';
import type { FailureKind } from '@spillway/core';
import type OpenAI from 'openai';
import { describe, expect, test } from 'vitest';
import { BATCH_ID, failedOutcome, JOB_ID, outcomeOf } from '../testing/outcomes.ts';
import type { AnthropicErrorType } from './failure-faces.ts';
import { renderDocumentResult } from './render-document-result.ts';
import { renderMessageResult } from './render-message-result.ts';
import { renderOpenAiLine } from './render-openai-line.ts';

const openAi = (outcome: Parameters<typeof renderOpenAiLine>[1]): unknown => {
  const { file, line } = renderOpenAiLine(BATCH_ID, outcome);
  return [file, JSON.parse(line)];
};
const anthropic = (outcome: Parameters<typeof renderMessageResult>[1]): unknown =>
  JSON.parse(renderMessageResult(BATCH_ID, outcome));

const completion: OpenAI.ChatCompletion = {
  id: 'chatcmpl-1',
  object: 'chat.completion',
  created: 1_790_000_000,
  model: 'house-model',
  choices: [
    {
      index: 0,
      finish_reason: 'stop',
      logprobs: null,
      message: { role: 'assistant', content: 'Hi', refusal: null },
    },
  ],
};

/** Every kind of failure, as each face shows it. */
const FAILURES: readonly [FailureKind, number | string, string | null, AnthropicErrorType][] = [
  ['invalid-request', 400, null, 'invalid_request_error'],
  ['context-exceeded', 400, 'context_length_exceeded', 'invalid_request_error'],
  ['unsupported-by-backend', 400, 'unsupported_request', 'invalid_request_error'],
  ['model-not-found', 404, 'model_not_found', 'not_found_error'],
  ['backend-overloaded', 429, 'rate_limit_exceeded', 'overloaded_error'],
  ['backend-error', 500, null, 'api_error'],
  ['backend-timeout', 'request_timeout', null, 'timeout_error'],
  ['privacy-violation-blocked', 'privacy_violation_blocked', null, 'permission_error'],
  ['backend-quota-exhausted', 'backend_quota_exhausted', null, 'rate_limit_error'],
  ['backend-refused-credentials', 'backend_refused_credentials', null, 'api_error'],
  ['backend-unreachable', 'backend_unreachable', null, 'api_error'],
  ['malformed-answer', 'malformed_answer', null, 'api_error'],
  ['worker-drained', 'worker_drained', null, 'api_error'],
  ['engine-lost', 'engine_lost', null, 'api_error'],
  ['worker-lost', 'worker_lost', null, 'api_error'],
  ['unservable', 'unservable', null, 'api_error'],
];

describe('renderOpenAiLine', () => {
  const ids = { id: `batch_req_${BATCH_ID.slice(6)}_6`, custom_id: 'r-7' };

  test('what completed is in the output file with its answer', () => {
    const outcome = outcomeOf({ body: { ...completion } });
    const response = { status_code: 200, request_id: JOB_ID, body: completion };
    expect(openAi(outcome)).toEqual(['output', { ...ids, response, error: null }]);
  });

  test('what was cancelled or expired is in the error file under the codes clients know', () => {
    expect(openAi(outcomeOf({ outcome: 'cancelled' }))).toEqual([
      'errors',
      {
        ...ids,
        response: null,
        error: {
          code: 'batch_cancelled',
          message: 'This request was not executed because the batch was cancelled.',
        },
      },
    ]);
    expect(openAi(outcomeOf({ outcome: 'expired' }))).toEqual([
      'errors',
      {
        ...ids,
        response: null,
        error: {
          code: 'batch_expired',
          message: 'This request could not be executed before the completion window expired.',
        },
      },
    ]);
  });

  test.each(FAILURES)('%s is in the error file as %s', (kind, status, code) => {
    const types: Record<number, string> = { 429: 'rate_limit_error', 500: 'server_error' };
    const answer = (status_code: number) => {
      const type = types[status_code] ?? 'invalid_request_error';
      const body = { error: { message: 'the reason', type, param: null, code } };
      return { response: { status_code, request_id: JOB_ID, body }, error: null };
    };
    const expected =
      typeof status === 'number'
        ? answer(status)
        : { response: null, error: { code: status, message: 'the reason' } };
    expect(openAi(failedOutcome(kind))).toEqual(['errors', { ...ids, ...expected }]);
  });

  test('a failure that is none of a job keeps its code, and a line without a job has an id of its own', () => {
    expect(openAi(failedOutcome('input-gone'))).toMatchObject(['errors', { error: { code: 'input_gone' } }]);
    expect(openAi(failedOutcome('invalid-request', { jobId: undefined }))).toMatchObject([
      'errors',
      { response: { request_id: `req_${BATCH_ID.slice(6)}_6` } },
    ]);
    expect(openAi(failedOutcome('x', { error: undefined }))).toMatchObject([
      'errors',
      { error: { code: 'batch_failed' } },
    ]);
  });
});

describe('renderMessageResult', () => {
  type Result = Anthropic.Messages.MessageBatchIndividualResponse;

  test('what completed has succeeded with its message', () => {
    const message = {
      id: 'msg_1',
      type: 'message',
      role: 'assistant',
      content: [{ type: 'text', text: 'Hi' }],
    };
    const expected = { custom_id: 'r-7', result: { type: 'succeeded', message } };
    expect(anthropic(outcomeOf({ body: message }))).toEqual(expected);
  });

  test('what was cancelled or expired is called so in their spelling', () => {
    const canceled: Result = { custom_id: 'r-7', result: { type: 'canceled' } };
    const expired: Result = { custom_id: 'r-7', result: { type: 'expired' } };
    expect(anthropic(outcomeOf({ outcome: 'cancelled' }))).toEqual(canceled);
    expect(anthropic(outcomeOf({ outcome: 'expired' }))).toEqual(expired);
  });

  test.each(FAILURES)('%s has errored', (kind, _status, _code, type) => {
    const expected: Result = {
      custom_id: 'r-7',
      result: {
        type: 'errored',
        error: { type: 'error', error: { type, message: 'the reason' }, request_id: JOB_ID },
      },
    };
    expect(anthropic(failedOutcome(kind))).toEqual(expected);
  });
});

describe('renderDocumentResult', () => {
  const document = { name: 'minutes.md', sha256: 'ab', pages: 3, chunks: 2, output: { total: 12 } };

  test('a document that was read and answered', () => {
    const result = renderDocumentResult(outcomeOf({ document }));
    expect(documentResultSchema.parse(result)).toEqual({
      index: 6,
      document: 'minutes.md',
      sha256: 'ab',
      pages: 3,
      chunks: 2,
      status: 'completed',
      output: { total: 12 },
      usage: {
        input_tokens: 10,
        cached_input_tokens: 4,
        output_tokens: 20,
        cost_usd: 0.0015,
        energy_joules: null,
      },
      served_by: { backend: 'gpu-0', location: 'local', model: 'house-model', simulated: true },
      why: 'local had room',
      seconds: 1.25,
      error: null,
    });
  });

  test('one that never was', () => {
    const nothing = { document: undefined, servedBy: undefined, why: undefined, tookMs: undefined };
    const result = renderDocumentResult(
      failedOutcome('unsupported-format', { ...nothing, jobId: undefined }),
    );
    expect(documentResultSchema.parse(result)).toEqual({
      index: 6,
      document: 'r-7',
      sha256: '',
      pages: null,
      chunks: 0,
      status: 'failed',
      output: null,
      usage: null,
      served_by: null,
      why: null,
      seconds: null,
      error: { code: 'unsupported-format', detail: 'the reason' },
    });
  });
});
