import { type CloudLatency, type EngineProfile, powerUnder } from '@spillway/core';

/** The places a simulation runs jobs on, and what they may cost. */
export interface Deployment {
  readonly backends: readonly BackendSpec[];
  /** Model group → the models that may serve it, best first; unless given, each model is a group of its own. */
  readonly modelGroups?: Readonly<Record<string, readonly string[]>>;
  /** Weights of tenants; 1 for those not named. */
  readonly weights?: Readonly<Record<string, number>>;
  readonly budgets?: readonly BudgetSpec[];
}

export type BackendSpec = LocalSpec | CloudSpec;

export interface LocalSpec {
  readonly location: 'local';
  readonly id: string;
  /** The names clients use for the models it serves; `default` unless given. */
  readonly models?: readonly string[];
  readonly engine: EngineSpec;
  /** Jobs its worker holds at once. */
  readonly slots: number;
  /** Share of the card's full power, 40 to 100; 100 unless given. */
  readonly powerLimitPercent?: number;
  readonly usdPerKwh?: number;
}

export type EngineSpec =
  | {
      readonly kind: 'batching';
      readonly profile: Pick<EngineProfile, 'baseMs' | 'perSequenceMs' | 'perPrefillTokenMs'>;
      readonly maxSequences: number;
      readonly kvCapacityTokens: number;
      /** 16 unless given, as in vLLM. */
      readonly kvBlockTokens?: number;
    }
  | {
      readonly kind: 'serial';
      readonly perPrefillTokenMs: number;
      readonly perOutputTokenMs: number;
      readonly cacheBlocks: number;
    };

export interface CloudSpec {
  readonly location: 'cloud';
  readonly id: string;
  readonly models?: readonly string[];
  readonly slots: number;
  readonly price: { readonly inputUsdPerMillion: number; readonly outputUsdPerMillion: number };
  readonly latency: Pick<CloudLatency, 'firstTokenMs' | 'perTokenMs'>;
  /** What the provider allows in a minute. */
  readonly rateLimit?: { readonly requestsPerMinute: number; readonly tokensPerMinute: number };
  /** Share of calls that fail once they should have had their first token, 0 to below 1. */
  readonly failureShare?: number;
}

export interface BudgetSpec {
  readonly name: string;
  readonly usd: number;
  readonly backend?: string;
  readonly tenant?: string;
}

export const DEFAULT_MODEL = 'default';

/** The same backend so many times, numbered from 1. */
export const replicas = (spec: LocalSpec, count: number): readonly LocalSpec[] =>
  Array.from({ length: count }, (_, index) => ({ ...spec, id: `${spec.id}-${index + 1}` }));

/** The profile of an engine as a scheduler that knows everything would have it: power limit and all. */
export function knownProfile({ engine, powerLimitPercent = 100 }: LocalSpec): EngineProfile {
  const { speed } = powerUnder(powerLimitPercent);
  const constants =
    engine.kind === 'batching'
      ? engine.profile
      : { baseMs: engine.perOutputTokenMs, perSequenceMs: 0, perPrefillTokenMs: engine.perPrefillTokenMs };
  return { ...constants, prefillFactor: speed, decodeFactor: speed, samples: KNOWN };
}

/** As good as learned from so many completions. */
export const KNOWN = 1_000_000;

/** Model groups of a deployment by name. */
export function modelGroupsOf({ modelGroups, backends }: Deployment): ReadonlyMap<string, readonly string[]> {
  if (modelGroups !== undefined) return new Map(Object.entries(modelGroups));
  const models = new Set(backends.flatMap((backend) => backend.models ?? [DEFAULT_MODEL]));
  return new Map(Array.from(models, (model) => [model, [model]]));
}
