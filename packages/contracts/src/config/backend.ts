import { z } from 'zod';
import { cellNameSchema } from './cells.ts';

const httpUrl = z.url({ protocol: /^https?$/, error: 'an http or https URL' });

/** What the client asks for → the name by which the backend knows it. */
const modelsSchema = z.record(z.string().min(1).max(256), z.string().min(1).max(256));

const common = {
  models: modelsSchema,
  /** Attempts at once, never exceeded. */
  max_concurrency: z.int().min(1).max(4096),
  /** The model's window: prompt and answer together, in tokens. */
  context_tokens: z.int().min(256).optional(),
  /** The cell whose workers drive it; a cloud that names none serves every cell. */
  cell: cellNameSchema.optional(),
} as const;

const localCommon = {
  ...common,
  url: httpUrl,
  api_key: z.string().min(1).optional(),
  max_concurrency: common.max_concurrency.default(16),
  /** Tokens the engine's KV cache holds over all running requests; read from vLLM's metrics where it tells. */
  kv_capacity_tokens: z.int().min(256).optional(),
  /** Index of the GPU as nvidia-smi counts, for telemetry. */
  gpu_index: z.int().min(0).max(63).default(0),
  electricity_usd_per_kwh: z.number().min(0).max(10).optional(),
} as const;

/** USD per million tokens; without it the price table by vendor and model is used. */
const priceSchema = z.strictObject({
  input_usd_per_million: z.number().min(0),
  output_usd_per_million: z.number().min(0),
  cached_input_usd_per_million: z.number().min(0).optional(),
});

const cloudCommon = {
  ...common,
  url: httpUrl.optional(),
  api_key: z.string().min(1),
  max_concurrency: common.max_concurrency.default(16),
  prices: z.record(z.string(), priceSchema).default({}),
} as const;

export const localBackendSchema = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('vllm'), ...localCommon }),
  z.strictObject({ kind: z.literal('ollama'), ...localCommon }),
  z.strictObject({ kind: z.literal('llamacpp'), ...localCommon }),
  /** Any other engine on your own hardware that speaks OpenAI's HTTP interface. */
  z.strictObject({ kind: z.literal('local-compatible'), ...localCommon }),
]);
export type LocalBackendConfig = z.infer<typeof localBackendSchema>;

export const cloudBackendSchema = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('openai'), ...cloudCommon }),
  z.strictObject({ kind: z.literal('anthropic'), ...cloudCommon }),
  z.strictObject({ kind: z.literal('openai-compatible'), ...cloudCommon, url: httpUrl }),
]);
export type CloudBackendConfig = z.infer<typeof cloudBackendSchema>;

const LOCAL_KINDS = ['vllm', 'ollama', 'llamacpp', 'local-compatible'] as const;

export const backendSchema = z.discriminatedUnion('kind', [
  ...localBackendSchema.options,
  ...cloudBackendSchema.options,
]);
export type BackendConfig = z.infer<typeof backendSchema>;

export const isLocalBackend = (backend: BackendConfig): backend is LocalBackendConfig =>
  (LOCAL_KINDS as readonly string[]).includes(backend.kind);
