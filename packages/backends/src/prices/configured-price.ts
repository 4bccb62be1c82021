import type { CloudBackendConfig } from '@spillway/contracts';
import type { Price } from './price-list.ts';

/** The price the configuration gives for a model under its own name or under one a client uses for it. */
export function configuredPrice(config: CloudBackendConfig, model: string): Price | undefined {
  const names = new Set([model]);
  for (const [asked, known] of Object.entries(config.models)) {
    if (asked === model) names.add(known);
    if (known === model) names.add(asked);
  }
  const entry = Object.entries(config.prices).find(([name]) => names.has(name))?.[1];
  if (entry === undefined) return undefined;
  const inputUsd = entry.input_usd_per_million;
  const cachedUsd = entry.cached_input_usd_per_million ?? inputUsd;
  return ({ inputTokens, cachedInputTokens, outputTokens }) =>
    ((inputTokens - cachedInputTokens) * inputUsd +
      cachedInputTokens * cachedUsd +
      outputTokens * entry.output_usd_per_million) /
    1_000_000;
}
