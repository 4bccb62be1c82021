import type { createPriceList } from '@spillway/backends';
import { servedEndpoints } from '@spillway/backends';
import type { CloudBackendConfig } from '@spillway/contracts';
import type { BackendDescriptor } from '@spillway/redis';

/** What is known of an account besides its configuration. */
export type CloudState = Pick<
  BackendDescriptor,
  'simulated' | 'down' | 'latency' | 'reliability' | 'rateLimit'
>;

/**
 * What the heartbeat says of an account. Where several workers share it, each tells what it has seen itself, and the last
 * heartbeat is believed: they see the same provider, so their views differ by little, and by a second at most.
 */
export function describeCloud(
  config: CloudBackendConfig,
  prices: ReturnType<typeof createPriceList>,
  { simulated, ...state }: CloudState,
): BackendDescriptor {
  const models = Object.keys(config.models);
  // Several models may differ in price: the dearest one is the estimate that never surprises.
  const known = models.map((model) => prices.perMillion(model));
  const all = known.filter((price) => price !== undefined);
  const price =
    all.length === known.length && all.length > 0
      ? {
          inputUsdPerMillion: Math.max(...all.map(({ inputUsd }) => inputUsd)),
          outputUsdPerMillion: Math.max(...all.map(({ outputUsd }) => outputUsd)),
        }
      : undefined;
  return {
    kind: config.kind,
    location: 'cloud',
    models,
    endpoints: [...servedEndpoints(config.kind)],
    simulated,
    draining: false,
    ...state,
    ...(config.context_tokens !== undefined && { contextTokens: config.context_tokens }),
    ...(price !== undefined && { price }),
  };
}
