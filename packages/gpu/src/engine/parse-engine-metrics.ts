import type { EngineMetrics } from './engine-metrics.ts';
import { parsePrometheus, type Sample } from './parse-prometheus.ts';

/**
 * Exact names, newest first, vLLM's and then llama.cpp's. The first name that has samples counts alone: releases that
 * rename a metric print both names for a while.
 */
const NAMES = {
  running: ['vllm:num_requests_running', 'llamacpp:requests_processing'],
  waiting: ['vllm:num_requests_waiting', 'llamacpp:requests_deferred'],
  kvCacheUsage: ['vllm:kv_cache_usage_perc', 'vllm:gpu_cache_usage_perc', 'llamacpp:kv_cache_usage_ratio'],
  cacheConfig: ['vllm:cache_config_info'],
  preemptionsTotal: ['vllm:num_preemptions_total'],
  promptTokensTotal: ['vllm:prompt_tokens_total', 'llamacpp:prompt_tokens_total'],
  generationTokensTotal: ['vllm:generation_tokens_total', 'llamacpp:tokens_predicted_total'],
  powerWatts: ['engine_sim_power_watts'],
  powerLimitWatts: ['engine_sim_power_limit_watts'],
  temperatureC: ['engine_sim_temperature_celsius'],
  utilizationPercent: ['engine_sim_utilization_percent'],
} as const satisfies Record<string, readonly string[]>;

/** What `/metrics` says; a page of another program gives an empty object. */
export function parseEngineMetrics(text: string): EngineMetrics {
  const byName = Map.groupBy(parsePrometheus(text), (sample) => sample.name);
  const samplesOf = (key: keyof typeof NAMES): readonly Sample[] =>
    NAMES[key].map((name) => byName.get(name) ?? []).find((samples) => samples.length > 0) ?? [];
  const total = (key: keyof typeof NAMES): number | undefined =>
    sum(samplesOf(key).map(({ value }) => value));

  const usage = samplesOf('kvCacheUsage').map(({ value }) => value);
  const usageSum = sum(usage);
  const simulatedGpu = defined({
    powerWatts: total('powerWatts'),
    powerLimitWatts: total('powerLimitWatts'),
    temperatureC: total('temperatureC'),
    utilizationPercent: total('utilizationPercent'),
  });
  return {
    ...defined({
      running: total('running'),
      waiting: total('waiting'),
      kvCacheUsage: usageSum === undefined ? undefined : usageSum / usage.length,
      kvCapacityTokens: sum(samplesOf('cacheConfig').flatMap(cacheTokens)),
      preemptionsTotal: total('preemptionsTotal'),
      promptTokensTotal: total('promptTokensTotal'),
      generationTokensTotal: total('generationTokensTotal'),
    }),
    ...(Object.keys(simulatedGpu).length > 0 && { simulatedGpu }),
  };
}

/** The label is the text `None` until the engine has measured its memory. */
function cacheTokens({ labels }: Sample): readonly number[] {
  const tokens = Number(labels.get('num_gpu_blocks')) * Number(labels.get('block_size'));
  return Number.isInteger(tokens) && tokens > 0 ? [tokens] : [];
}

const sum = (values: readonly number[]): number | undefined =>
  values.length === 0 ? undefined : values.reduce((total, value) => total + value, 0);

const defined = <Key extends string>(
  fields: Readonly<Record<Key, number | undefined>>,
): Partial<Record<Key, number>> =>
  Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined)) as Partial<
    Record<Key, number>
  >;
