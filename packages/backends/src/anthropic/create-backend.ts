import { Anthropic } from '@anthropic-ai/sdk';
import type { CloudBackendConfig } from '@spillway/contracts';
import type { AttemptOutcome, FailureReason, InferenceBackend, InferenceRequest } from '@spillway/core';
import type { CloudBackendDeps } from '../common/backend-deps.ts';
import { anthropicBaseUrl } from '../common/base-url.ts';
import { runCall } from '../common/run-call.ts';
import { createTransport } from '../common/transport.ts';
import { checkAnthropic } from './check.ts';
import { messageAnswerSchema } from './message-answer.ts';
import { toChatCompletion } from './to-chat-completion.ts';
import { toFailure } from './to-failure.ts';
import { toMessagesRequest } from './to-messages-request.ts';
import { toUsage } from './to-usage.ts';

/** An account at Anthropic. Chat completions only, translated to Messages and back. */
export function createAnthropicBackend(
  config: Extract<CloudBackendConfig, { kind: 'anthropic' }>,
  deps: CloudBackendDeps,
): InferenceBackend {
  const client = createAnthropicClient(config);
  return {
    run: (request, { signal }) => runMessages(client, deps, request, signal),
    check: ({ signal }) => checkAnthropic(client, signal),
  };
}

async function runMessages(
  client: Anthropic,
  { nowMs, prices }: CloudBackendDeps,
  request: InferenceRequest,
  signal: AbortSignal,
): Promise<AttemptOutcome> {
  if (request.endpoint !== '/v1/chat/completions')
    return failed({
      kind: 'unsupported-by-backend',
      detail: `Anthropic has no models for ${request.endpoint}`,
    });
  const translated = toMessagesRequest(request.body, request.model);
  if (!translated.ok) {
    const { field, problem } = translated.error;
    return failed({
      kind: 'unsupported-by-backend',
      detail: `${field}: ${problem} (for Anthropic)`.slice(0, 300),
    });
  }
  return runCall(
    signal,
    async () => {
      const { data, response } = await client
        .post<unknown>('/v1/messages', { body: translated.value, signal })
        .withResponse();
      const answer = messageAnswerSchema.safeParse(data);
      if (!answer.success) return failed({ kind: 'malformed-answer', detail: 'the answer is not a message' });
      const usage = toUsage(answer.data, request.model, prices);
      const body = toChatCompletion(answer.data, usage, nowMs());
      return { kind: 'completed', statusCode: response.status, body, usage };
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
