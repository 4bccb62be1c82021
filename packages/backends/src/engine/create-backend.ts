import type { LocalBackendConfig } from '@spillway/contracts';
import type { AttemptOutcome, InferenceBackend, InferenceRequest, TenantId } from '@spillway/core';
import { engineBaseUrl } from '../common/base-url.ts';
import { bindDialect } from '../common/bind-dialect.ts';
import type { BackendDeps } from '../common/backend-deps.ts';
import { createOpenAiClient } from '../common/openai-client.ts';
import { callOpenAi, type OpenAiDialect } from '../common/openai-call.ts';
import { withCacheSalt } from './cache-salt.ts';
import { checkEngine } from './check.ts';
import { toFailure } from './to-failure.ts';
import { toUsage } from './to-usage.ts';

export interface LocalBackend extends InferenceBackend {
  /** @param options `tenantId`: whose prompt it is; tenants do not share vLLM's prefix cache */
  run(
    request: InferenceRequest,
    options: { readonly signal: AbortSignal; readonly tenantId?: TenantId },
  ): Promise<AttemptOutcome>;
}

/**
 * An engine on the user's own hardware that speaks OpenAI's HTTP interface: vLLM, Ollama, llama.cpp and the like. What
 * some of them have of Responses and Messages differs from version to version; chat completions they all have.
 */
export function createEngineBackend(config: LocalBackendConfig, { nowMs }: BackendDeps): LocalBackend {
  const client = createOpenAiClient(engineBaseUrl(config.url), config.api_key ?? NO_KEY);
  const dialect: OpenAiDialect = {
    toFailure: (error, request) => toFailure(error, request, nowMs()),
    toUsage: (body) => toUsage(body),
  };
  const salted = (request: InferenceRequest, tenantId: TenantId | undefined): InferenceRequest =>
    config.kind === 'vllm' && tenantId !== undefined ? withCacheSalt(request, tenantId) : request;
  return {
    run: (asked, { signal, tenantId }) => {
      const run = bindDialect({ native: [], limitField: 'max_tokens' }, (request) =>
        callOpenAi(client, dialect, salted(request, tenantId), signal),
      );
      return run(asked, { signal });
    },
    check: ({ signal }) => checkEngine(client, config, signal),
  };
}

/** The SDK insists on a key; engines without one ignore it. */
const NO_KEY = 'none';
