import { Anthropic } from '@anthropic-ai/sdk';
import type { CloudBackendConfig } from '@spillway/contracts';
import {
  isJsonObject,
  type AttemptOutcome,
  type FailureReason,
  type InferenceBackend,
  type InferenceRequest,
  type JsonObject,
  type Usage,
} from '@spillway/core';
import {
  messageAnswerSchema,
  toChatCompletion,
  toMessagesRequest,
  type MessageAnswer,
} from '@spillway/dialects';
import type { CloudBackendDeps } from '../common/backend-deps.ts';
import { anthropicBaseUrl } from '../common/base-url.ts';
import { bindDialect } from '../common/bind-dialect.ts';
import { bodyToSend } from '../common/body-to-send.ts';
import { readRateLimits } from '../common/rate-limits.ts';
import { runCall } from '../common/run-call.ts';
import { createTransport } from '../common/transport.ts';
import { checkAnthropic } from './check.ts';
import { toFailure } from './to-failure.ts';
import { toUsage } from './to-usage.ts';

/** An account at Anthropic: Messages as they come; chats translated to Messages and back, Responses by way of chats. */
export function createAnthropicBackend(
  config: Extract<CloudBackendConfig, { kind: 'anthropic' }>,
  deps: CloudBackendDeps,
): InferenceBackend {
  const client = createAnthropicClient(config);
  return {
    run: bindDialect({ native: ['/v1/messages'], limitField: 'max_tokens' }, (request, { signal }) =>
      run(client, deps, request, signal),
    ),
    check: ({ signal }) => checkAnthropic(client, signal),
  };
}

async function run(
  client: Anthropic,
  deps: CloudBackendDeps,
  request: InferenceRequest,
  signal: AbortSignal,
): Promise<AttemptOutcome> {
  switch (request.endpoint) {
    case '/v1/messages':
      return callMessages(client, deps, request, bodyToSend(request), (answer) => answer.whole, signal);
    case '/v1/chat/completions': {
      const translated = toMessagesRequest(request.body, request.model);
      if (!translated.ok) return failed({ kind: 'unsupported-by-backend', detail: translated.error.detail });
      const toBody = ({ read, usage }: Answer) => toChatCompletion(read, usage, deps.nowMs());
      return callMessages(client, deps, request, translated.value, toBody, signal);
    }
    case '/v1/completions':
    case '/v1/embeddings':
    case '/v1/responses':
      return failed({
        kind: 'unsupported-by-backend',
        detail: `Anthropic has no models for ${request.endpoint}`,
      });
  }
}

interface Answer {
  readonly whole: JsonObject;
  readonly read: MessageAnswer;
  readonly usage: Usage;
}

async function callMessages(
  client: Anthropic,
  { nowMs, prices, onRateLimits }: CloudBackendDeps,
  request: InferenceRequest,
  body: object,
  toBody: (answer: Answer) => JsonObject,
  signal: AbortSignal,
): Promise<AttemptOutcome> {
  return runCall(
    signal,
    async () => {
      const { data, response } = await client.post<unknown>('/v1/messages', { body, signal }).withResponse();
      onRateLimits?.(request.model, readRateLimits(response.headers, nowMs()));
      const read = messageAnswerSchema.safeParse(data);
      if (!read.success || !isJsonObject(data))
        return failed({ kind: 'malformed-answer', detail: 'the answer is not a message' });
      const usage = toUsage(read.data, request.model, prices);
      const answer = toBody({ whole: data, read: read.data, usage });
      return { kind: 'completed', statusCode: response.status, body: answer, usage };
    },
    (error) => toFailure(error, request, nowMs()),
  );
}

/** The official client, reading nothing from the environment and tracing nothing: spans may hold prompts. */
const createAnthropicClient = (config: Extract<CloudBackendConfig, { kind: 'anthropic' }>): Anthropic =>
  new Anthropic({
    ...createTransport(),
    apiKey: config.api_key,
    baseURL: anthropicBaseUrl(config.url ?? 'https://api.anthropic.com'),
    openTelemetry: false,
    webhookKey: null,
  });

const failed = (reason: FailureReason): AttemptOutcome => ({ kind: 'failed', reason });
