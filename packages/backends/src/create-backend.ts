import {
  isLocalBackend,
  type BackendConfig,
  type CloudBackendConfig,
  type LocalBackendConfig,
} from '@spillway/contracts';
import type { InferenceBackend } from '@spillway/core';
import { createAnthropicBackend } from './anthropic/create-backend.ts';
import type { BackendDeps, CloudBackendDeps } from './common/backend-deps.ts';
import { createEngineBackend, type LocalBackend } from './engine/create-backend.ts';
import { createOpenAiBackend } from './openai/create-backend.ts';
import { createPriceList } from './prices/price-list.ts';

/** The adapter for any configured backend; a cloud one still needs `createCloudGuard` around it. */
export const createBackend = (config: BackendConfig, deps: BackendDeps): InferenceBackend =>
  isLocalBackend(config)
    ? createLocalBackend(config, deps)
    : createCloudBackend(config, { ...deps, prices: createPriceList(config) });

export const createLocalBackend = (config: LocalBackendConfig, deps: BackendDeps): LocalBackend =>
  createEngineBackend(config, deps);

export const createCloudBackend = (config: CloudBackendConfig, deps: CloudBackendDeps): InferenceBackend =>
  config.kind === 'anthropic' ? createAnthropicBackend(config, deps) : createOpenAiBackend(config, deps);
