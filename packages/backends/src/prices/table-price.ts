import { calcPrice, findProvider } from '@pydantic/genai-prices';
import type { CloudBackendConfig } from '@spillway/contracts';
import type { Price } from './price-list.ts';

/**
 * The published price of a model, from the table bundled with genai-prices. Vendor and model must both be known:
 * the same open model costs different money at different hosts.
 */
export function tablePrice(config: CloudBackendConfig, model: string): Price | undefined {
  const providerId = vendorOf(config);
  if (providerId === undefined) return undefined;
  const named = Object.hasOwn(config.models, model) ? (config.models[model] ?? model) : model;
  const usdFor: (tokens: Parameters<Price>[0]) => number | undefined = (tokens) =>
    calcPrice(
      {
        input_tokens: tokens.inputTokens,
        cache_read_tokens: tokens.cachedInputTokens,
        cache_write_tokens: tokens.cacheWriteTokens ?? 0,
        output_tokens: tokens.outputTokens,
      },
      named,
      { providerId },
    )?.total_price;
  const none = { inputTokens: 0, cachedInputTokens: 0, outputTokens: 0 };
  return usdFor(none) === undefined ? undefined : (tokens) => usdFor(tokens) ?? 0;
}

function vendorOf(config: CloudBackendConfig): string | undefined {
  if (config.kind !== 'openai-compatible') return config.kind;
  return findProvider({ providerApiUrl: config.url })?.id;
}
