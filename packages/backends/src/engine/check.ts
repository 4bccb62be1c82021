import type { LocalBackendConfig } from '@spillway/contracts';
import type { BackendCheck } from '@spillway/core';
import type OpenAI from 'openai';
import { engineRootUrl } from '../common/base-url.ts';
import { listModels } from '../common/list-models.ts';

/** vLLM answers /v1/models even when its engine process is dead; only /health tells. */
const HAS_HEALTH: Readonly<Record<LocalBackendConfig['kind'], boolean>> = {
  vllm: true,
  llamacpp: true,
  ollama: false,
  'local-compatible': false,
};

/** Healthy when the engine says so and lists its models; a simulated engine is recognised and said to be one. */
export async function checkEngine(
  client: OpenAI,
  config: LocalBackendConfig,
  signal: AbortSignal,
): Promise<BackendCheck> {
  const models = await listModels(client, signal);
  if (models.kind === 'unhealthy' || !HAS_HEALTH[config.kind]) return models;
  const status = await healthStatus(client, `${engineRootUrl(config.url)}/health`, signal);
  return status === 200 || status === 404
    ? models
    : {
        kind: 'unhealthy',
        detail: status === undefined ? '/health does not answer' : `/health says ${status}`,
      };
}

async function healthStatus(client: OpenAI, url: string, signal: AbortSignal): Promise<number | undefined> {
  try {
    const response = await client.get(url, { signal }).asResponse();
    await response.body?.cancel();
    return response.status;
  } catch (error) {
    return error instanceof Error && 'status' in error && typeof error.status === 'number'
      ? error.status
      : undefined;
  }
}
