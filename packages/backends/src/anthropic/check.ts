import type { Anthropic } from '@anthropic-ai/sdk';
import type { BackendCheck } from '@spillway/core';
import { listModels } from '../common/list-models.ts';

/** Healthy when Anthropic lists its models for our key. */
export const checkAnthropic = (client: Anthropic, signal: AbortSignal): Promise<BackendCheck> =>
  listModels(client, signal, '/v1/models?limit=1000');
