import { createPriceList } from '@spillway/backends';
import {
  isLocalBackend,
  modelGroups,
  type CloudBackendConfig,
  type Config,
  type LocalBackendConfig,
} from '@spillway/contracts';
import { err, ok, RTX_4090, TYPICAL_CLOUD, type Result } from '@spillway/core';
import type { CloudSpec, Deployment, LocalSpec } from '@spillway/simulation';
import { assumedOfBackends, type BackendAssumption } from './assumed-of-backends.ts';
import type { Profile, Profiles } from './profiles.ts';

/** What a 24 GB card has left for it beside an 8B model in 16 bit. */
const KV_CAPACITY_TOKENS = 40_000;

export interface SimulatedDeployment {
  readonly deployment: Deployment;
  /** What requests ask for that name no model of it. */
  readonly model: string;
  /** What was assumed where nobody said. */
  readonly assumptions: readonly string[];
}

/**
 * The deployment of a configuration: slots, KV caches, models, weights and prices as it has them; the speed of engines
 * and clouds from `profiles`, and where they do not say, an RTX 4090 and a typical cloud.
 */
export function deploymentOf(
  config: Config,
  profiles: Profiles,
  asked: string | undefined,
): Result<SimulatedDeployment, string> {
  const named = Object.entries(config.backends);
  if (named.length === 0) return err('it has no backends: add some, or leave --backends out');
  const stranger = Object.keys(profiles).find((id) => !Object.hasOwn(config.backends, id));
  if (stranger !== undefined) return err(`the profiles name "${stranger}", which is no backend of it`);
  const assumptions: BackendAssumption[] = [];
  const backends: (LocalSpec | CloudSpec)[] = [];
  for (const [id, backend] of named) {
    const profile = profiles[id] ?? {};
    if (isLocalBackend(backend)) {
      backends.push(localSpec(id, backend, profile, assumptions));
      continue;
    }
    const spec = cloudSpec(id, backend, profile, assumptions);
    if (!spec.ok) return spec;
    backends.push(spec.value);
  }
  const groups = modelGroups(config);
  const first = asked ?? (groups.has('auto') ? 'auto' : groups.keys().next().value);
  if (first === undefined || !groups.has(first))
    return err(`nobody serves "${asked ?? ''}"; served are: ${[...groups.keys()].join(', ')}`);
  return ok({
    deployment: {
      backends,
      modelGroups: Object.fromEntries(groups),
      weights: Object.fromEntries(Object.entries(config.tenants).map(([name, { weight }]) => [name, weight])),
    },
    model: first,
    assumptions: assumedOfBackends(assumptions),
  });
}

function localSpec(
  id: string,
  backend: LocalBackendConfig,
  profile: Profile,
  assumptions: BackendAssumption[],
): LocalSpec {
  if (profile.base_ms === undefined)
    assumptions.push({ id, text: 'is as fast as an RTX 4090 with an 8B model' });
  const kvCapacityTokens = profile.kv_capacity_tokens ?? backend.kv_capacity_tokens;
  if (kvCapacityTokens === undefined)
    assumptions.push({ id, text: `has a KV cache of ${KV_CAPACITY_TOKENS} tokens` });
  return {
    location: 'local',
    id,
    models: Object.keys(backend.models),
    slots: backend.max_concurrency,
    engine: {
      kind: 'batching',
      profile: {
        baseMs: profile.base_ms ?? RTX_4090.baseMs,
        perSequenceMs: profile.per_sequence_ms ?? RTX_4090.perSequenceMs,
        perPrefillTokenMs: profile.per_prefill_token_ms ?? RTX_4090.perPrefillTokenMs,
      },
      maxSequences: profile.max_sequences ?? backend.max_concurrency,
      kvCapacityTokens: kvCapacityTokens ?? KV_CAPACITY_TOKENS,
    },
    ...(profile.power_limit_percent === undefined ? {} : { powerLimitPercent: profile.power_limit_percent }),
    ...(backend.electricity_usd_per_kwh === undefined ? {} : { usdPerKwh: backend.electricity_usd_per_kwh }),
  };
}

function cloudSpec(
  id: string,
  backend: CloudBackendConfig,
  profile: Profile,
  assumptions: BackendAssumption[],
): Result<CloudSpec, string> {
  const prices = createPriceList(backend);
  const models = Object.keys(backend.models);
  const priced = models.filter((model) => prices.knows(model));
  const unpriced = models.filter((model) => !prices.knows(model));
  const price = priced[0] === undefined ? undefined : prices.perMillion(priced[0]);
  if (price === undefined)
    return err(`nobody knows what ${id} costs: write its prices to backends.${id}.prices`);
  if (unpriced.length > 0)
    assumptions.push({ id, text: `is without ${unpriced.join(', ')}, whose price nobody knows` });
  if (priced.some((model) => !isSame(prices.perMillion(model), price)))
    assumptions.push({ id, text: `charges for every model what ${priced[0]} costs` });
  if (profile.first_token_ms === undefined) assumptions.push({ id, text: 'answers like a typical cloud' });
  return ok({
    location: 'cloud',
    id,
    models: priced,
    slots: backend.max_concurrency,
    price: { inputUsdPerMillion: price.inputUsd, outputUsdPerMillion: price.outputUsd },
    latency: {
      firstTokenMs: profile.first_token_ms ?? TYPICAL_CLOUD.firstTokenMs,
      perTokenMs: profile.per_token_ms ?? TYPICAL_CLOUD.perTokenMs,
    },
  });
}

type PerMillion = { readonly inputUsd: number; readonly outputUsd: number };
const isSame = (one: PerMillion | undefined, other: PerMillion): boolean =>
  one?.inputUsd === other.inputUsd && one.outputUsd === other.outputUsd;
