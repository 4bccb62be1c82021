import type { CloudBackendConfig } from '@spillway/contracts';
import type { BackendCheck } from '@spillway/core';
import type OpenAI from 'openai';
import { listModels } from '../common/list-models.ts';

/** Healthy when the vendor lists its models for our key; a compatible host without such a list is believed. */
export async function checkOpenAi(
  client: OpenAI,
  config: CloudBackendConfig,
  signal: AbortSignal,
): Promise<BackendCheck> {
  const check = await listModels(client, signal);
  const hasNoList = check.kind === 'unhealthy' && check.detail === 'HTTP 404';
  return hasNoList && config.kind === 'openai-compatible'
    ? { kind: 'healthy', models: Object.values(config.models), simulated: false }
    : check;
}
