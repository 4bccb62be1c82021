import type { AttemptOutcome, Endpoint, InferenceBackend, JsonObject } from '@spillway/core';
import { simulatedDigest } from '@spillway/engine-sim';
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { ContractSubject } from './inference-backend-contract.ts';

interface Sample {
  readonly body: JsonObject;
  /** What the answer looks like, whoever gave it. */
  readonly answer: JsonObject;
  /** How this dialect asks for JSON after a schema. */
  readonly asksForSchema?: (schema: JsonObject) => JsonObject;
  readonly textOf?: (answer: JsonObject) => unknown;
}

const SYSTEM = 'Answer in one word.';
const QUESTION = 'Where do herons stand at noon?';
const text = expect.any(String) as string;
const number = expect.any(Number) as number;

type Nested = { readonly [key: string]: Nested } & readonly Nested[];
const at =
  (...path: readonly (string | number)[]) =>
  (answer: JsonObject): unknown =>
    path.reduce<unknown>((found, step) => (found as Nested)[step], answer);

const SAMPLES: Readonly<Record<Endpoint, Sample>> = {
  '/v1/chat/completions': {
    body: {
      messages: [
        { role: 'system', content: SYSTEM },
        { role: 'user', content: QUESTION },
      ],
      max_tokens: 24,
    },
    answer: {
      object: 'chat.completion',
      choices: [{ message: { role: 'assistant', content: text }, finish_reason: 'length' }],
      usage: { prompt_tokens: number, completion_tokens: 24 },
    },
    asksForSchema: (schema) => ({
      max_tokens: 400,
      response_format: { type: 'json_schema', json_schema: { name: 'answer', schema } },
    }),
    textOf: at('choices', 0, 'message', 'content'),
  },
  '/v1/completions': {
    body: { prompt: QUESTION, max_tokens: 24 },
    answer: {
      object: 'text_completion',
      choices: [{ text, finish_reason: 'length' }],
      usage: { prompt_tokens: number, completion_tokens: 24 },
    },
  },
  '/v1/embeddings': {
    body: { input: QUESTION },
    answer: { object: 'list', data: [{ object: 'embedding', index: 0 }], usage: { prompt_tokens: number } },
  },
  '/v1/responses': {
    body: { instructions: SYSTEM, input: QUESTION, max_output_tokens: 24 },
    answer: {
      id: expect.stringMatching(/^resp_\w+$/) as string,
      object: 'response',
      status: 'incomplete',
      incomplete_details: { reason: 'max_output_tokens' },
      instructions: SYSTEM,
      output: [{ type: 'message', content: [{ type: 'output_text', text, annotations: [] }] }],
      usage: {
        input_tokens: number,
        input_tokens_details: { cached_tokens: number },
        output_tokens: 24,
        output_tokens_details: { reasoning_tokens: number },
      },
    },
    asksForSchema: (schema) => ({
      max_output_tokens: 400,
      text: { format: { type: 'json_schema', name: 'answer', schema } },
    }),
    textOf: at('output', 0, 'content', 0, 'text'),
  },
  '/v1/messages': {
    body: { system: SYSTEM, messages: [{ role: 'user', content: QUESTION }], max_tokens: 24 },
    answer: {
      id: expect.stringMatching(/^msg_\w+$/) as string,
      type: 'message',
      role: 'assistant',
      content: [{ type: 'text', text }],
      stop_reason: 'max_tokens',
      stop_sequence: null,
      usage: { input_tokens: number, cache_read_input_tokens: number, output_tokens: 24 },
    },
    asksForSchema: (schema) => ({
      max_tokens: 400,
      output_config: { format: { type: 'json_schema', schema } },
    }),
    textOf: at('content', 0, 'text'),
  },
};

const SCHEMA = {
  type: 'object',
  properties: { birds: { type: 'integer', minimum: 1, maximum: 3 } },
  required: ['birds'],
  additionalProperties: false,
};

/** Every endpoint that the backend serves answers in its own dialect, whatever the vendor's is. */
export function dialectContract(served: readonly Endpoint[], open: () => Promise<ContractSubject>): void {
  let subject: ContractSubject;
  beforeEach(async () => {
    subject = await open();
  });
  afterEach(async () => {
    await subject[Symbol.asyncDispose]();
  });

  const run = (endpoint: Endpoint, fields: JsonObject = {}): Promise<AttemptOutcome> => {
    const { backend, model } = subject;
    return ask(backend, model, endpoint, { model: 'as-asked', ...SAMPLES[endpoint].body, ...fields });
  };

  test.each(served)('%s is answered in its own dialect, with what it used', async (endpoint) => {
    const outcome = await run(endpoint);
    expect(outcome).toMatchObject({
      kind: 'completed',
      statusCode: 200,
      body: { ...SAMPLES[endpoint].answer, model: subject.model },
      usage: { inputTokens: number, outputTokens: endpoint === '/v1/embeddings' ? 0 : 24 },
    });
  });

  test.each(served)('%s is answered whole where a stream is asked for', async (endpoint) => {
    expect(await run(endpoint, { stream: true })).toMatchObject({
      kind: 'completed',
      body: SAMPLES[endpoint].answer,
    });
  });

  test.each(served)('%s fails like any other request', async (endpoint) => {
    for (const [kind, reason] of [
      ['error-500', 'backend-error'],
      ['broken-json', 'malformed-answer'],
    ]) {
      await misbehave(subject.simUrl, { kind });
      expect(await run(endpoint)).toMatchObject({ kind: 'failed', reason: { kind: reason } });
    }
  });

  const chats = served.filter((endpoint) => SAMPLES[endpoint].asksForSchema !== undefined);

  test.each(chats)('%s: the model is told the same as in any dialect', async (endpoint) => {
    await run(endpoint);
    const stats = (await (await fetch(`${subject.simUrl}/_sim/stats`)).json()) as Record<string, unknown>;
    expect(stats['digests_seen']).toEqual([simulatedDigest(`${SYSTEM}${QUESTION}`)]);
  });

  test.each(chats)('%s: an answer asked for in a JSON Schema is in it', async (endpoint) => {
    const { asksForSchema, textOf } = SAMPLES[endpoint];
    const outcome = await run(endpoint, asksForSchema?.(SCHEMA));
    if (outcome.kind !== 'completed') throw new Error(JSON.stringify(outcome));
    const birds = (JSON.parse(String(textOf?.(outcome.body))) as { birds: number }).birds;
    expect([1, 2, 3]).toContain(birds);
  });

  test('what cannot be said in the vendor’s dialect is an invalid request, named, and nothing is sent', async () => {
    const outcome = await run('/v1/responses', { background: true });
    expect(outcome).toEqual({
      kind: 'failed',
      reason: { kind: 'invalid-request', detail: expect.stringMatching(/^background: /) as string },
    });
    const stats = (await (await fetch(`${subject.simUrl}/_sim/stats`)).json()) as Record<string, unknown>;
    expect(stats['digests_seen']).toEqual([]);
  });
}

const ask = (
  backend: InferenceBackend,
  model: string,
  endpoint: Endpoint,
  body: JsonObject,
): Promise<AttemptOutcome> => backend.run({ endpoint, model, body }, new AbortController());

export async function misbehave(simUrl: string, ...rules: readonly JsonObject[]): Promise<void> {
  const response = await fetch(`${simUrl}/_sim/faults`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ rules }),
  });
  if (!response.ok) throw new Error(`${simUrl} says ${response.status}: ${await response.text()}`);
}
