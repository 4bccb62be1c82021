import type { CloudBackendConfig } from '@spillway/contracts';
import type { InferenceBackend } from '@spillway/core';
import { cloudBaseUrl } from '../common/base-url.ts';
import type { CloudBackendDeps } from '../common/backend-deps.ts';
import { createOpenAiClient } from '../common/openai-client.ts';
import { callOpenAi, type OpenAiDialect } from '../common/openai-call.ts';
import { checkOpenAi } from './check.ts';
import { toFailure } from './to-failure.ts';
import { toUsage } from './to-usage.ts';

/** An account at OpenAI, or at a host that speaks its HTTP interface. */
export function createOpenAiBackend(
  config: Extract<CloudBackendConfig, { kind: 'openai' | 'openai-compatible' }>,
  { nowMs, prices }: CloudBackendDeps,
): InferenceBackend {
  const client = createOpenAiClient(cloudBaseUrl(config.url ?? OPENAI_URL), config.api_key);
  const dialect: OpenAiDialect = {
    toFailure: (error, request) => toFailure(error, request, nowMs()),
    toUsage: (body, model) => toUsage(body, model, prices),
  };
  return {
    run: (request, { signal }) => callOpenAi(client, dialect, request, signal),
    check: ({ signal }) => checkOpenAi(client, config, signal),
  };
}

const OPENAI_URL = 'https://api.openai.com/v1';
