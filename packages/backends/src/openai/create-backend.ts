import type { CloudBackendConfig } from '@spillway/contracts';
import type { FailureReason, InferenceBackend, InferenceRequest } from '@spillway/core';
import { cloudBaseUrl } from '../common/base-url.ts';
import { bindDialect, type Binding } from '../common/bind-dialect.ts';
import type { CloudBackendDeps } from '../common/backend-deps.ts';
import { createOpenAiClient } from '../common/openai-client.ts';
import { callOpenAi, type OpenAiDialect } from '../common/openai-call.ts';
import { readRateLimits } from '../common/rate-limits.ts';
import { checkOpenAi } from './check.ts';
import { responseFailure } from './response-failure.ts';
import { toFailure } from './to-failure.ts';
import { toUsage } from './to-usage.ts';

/** An account at OpenAI, or at a host that speaks its HTTP interface; only OpenAI itself is trusted to speak Responses. */
export function createOpenAiBackend(
  config: Extract<CloudBackendConfig, { kind: 'openai' | 'openai-compatible' }>,
  { nowMs, prices, onRateLimits }: CloudBackendDeps,
): InferenceBackend {
  const client = createOpenAiClient(cloudBaseUrl(config.url ?? OPENAI_URL), config.api_key);
  const dialect: OpenAiDialect = {
    toFailure: (error, request) => toFailure(error, request, nowMs()),
    toUsage: (body, model) => toUsage(body, model, prices),
    onHeaders: (headers, model) => onRateLimits?.(model, readRateLimits(headers, nowMs())),
    failureIn: (body, { endpoint, body: asked }) =>
      endpoint === '/v1/responses' ? responseFailure(body, asked) : undefined,
  };
  const run = bindDialect(DIALECT[config.kind], async (request, { signal }) =>
    asksForBackground(request)
      ? { kind: 'failed', reason: NO_BACKGROUND }
      : callOpenAi(client, dialect, request, signal),
  );
  return { run, check: ({ signal }) => checkOpenAi(client, config, signal) };
}

const DIALECT = {
  openai: { native: ['/v1/responses'], limitField: 'max_completion_tokens' },
  'openai-compatible': { native: [], limitField: 'max_tokens' },
} as const satisfies Record<string, Binding>;

/** A Response in the background is a promise, and a job has one of its own to keep. */
const asksForBackground = ({ endpoint, body }: InferenceRequest): boolean =>
  endpoint === '/v1/responses' && body['background'] === true;

const NO_BACKGROUND: FailureReason = {
  kind: 'invalid-request',
  detail: 'background: must not be true: a job runs in the background by itself',
};

const OPENAI_URL = 'https://api.openai.com/v1';
