import { describe, expect, test } from 'vitest';
import { parseEngineMetrics } from './parse-engine-metrics.ts';

/** As vLLM prints it, histograms and all. */
const VLLM = `# HELP vllm:num_requests_running Number of requests in model execution batches.
# TYPE vllm:num_requests_running gauge
vllm:num_requests_running{engine="0",model_name="meta-llama/Llama-3.1-8B-Instruct"} 12.0
# TYPE vllm:num_requests_waiting gauge
vllm:num_requests_waiting{engine="0",model_name="meta-llama/Llama-3.1-8B-Instruct"} 3.0
vllm:num_requests_waiting_by_reason{engine="0",model_name="m",reason="capacity"} 2.0
vllm:num_requests_waiting_by_reason{engine="0",model_name="m",reason="deferred"} 1.0
vllm:kv_cache_usage_perc{engine="0",model_name="m"} 0.4375
vllm:cache_config_info{block_size="16",cache_dtype="auto",engine="0",num_gpu_blocks="6144"} 1.0
vllm:num_preemptions_total{engine="0",model_name="m"} 2.0
vllm:num_preemptions_created{engine="0",model_name="m"} 1.7e+09
vllm:prompt_tokens_total{engine="0",model_name="m"} 1.05e+06
vllm:generation_tokens_total{engine="0",model_name="m"} 250123.0
vllm:request_prompt_tokens_sum{engine="0",model_name="m"} 999.0
vllm:time_to_first_token_seconds_bucket{engine="0",le="+Inf",model_name="m"} 42.0
`;

describe('parseEngineMetrics', () => {
  test('takes metrics by their exact names: the waiting by reason are not counted twice', () => {
    expect(parseEngineMetrics(VLLM)).toEqual({
      running: 12,
      waiting: 3,
      kvCacheUsage: 0.4375,
      kvCapacityTokens: 98_304,
      preemptionsTotal: 2,
      promptTokensTotal: 1_050_000,
      generationTokensTotal: 250_123,
    });
  });

  test('sums over the engines of one server, and averages how full their caches are', () => {
    const two = ['0', '1'].flatMap((engine) => [
      `vllm:num_requests_running{engine="${engine}"} 4`,
      `vllm:kv_cache_usage_perc{engine="${engine}"} 0.${engine}`,
      `vllm:cache_config_info{engine="${engine}",block_size="16",num_gpu_blocks="100"} 1`,
    ]);
    const metrics = parseEngineMetrics(two.join('\n'));
    expect(metrics).toMatchObject({ running: 8, kvCapacityTokens: 3200 });
    expect(metrics.kvCacheUsage).toBeCloseTo(0.05);
  });

  test('reads the old name of the cache usage, but not both names at once', () => {
    const old = 'vllm:gpu_cache_usage_perc{model_name="m"} 0.25';
    expect(parseEngineMetrics(old).kvCacheUsage).toBe(0.25);
    expect(parseEngineMetrics(`${old}\nvllm:kv_cache_usage_perc{model_name="m"} 0.5`).kvCacheUsage).toBe(0.5);
  });

  test('a cache not yet measured has no capacity rather than a wrong one', () => {
    const starting = 'vllm:cache_config_info{block_size="16",num_gpu_blocks="None"} 1';
    expect(parseEngineMetrics(starting)).toEqual({});
  });

  test('reads llama.cpp', () => {
    const text =
      'llamacpp:requests_processing 2\nllamacpp:requests_deferred 1\nllamacpp:prompt_tokens_total 7';
    expect(parseEngineMetrics(text)).toEqual({ running: 2, waiting: 1, promptTokensTotal: 7 });
  });

  test('reads the GPU of a simulated engine', () => {
    const text = [
      'engine_sim_power_watts 287.5',
      'engine_sim_power_limit_watts 300',
      'engine_sim_temperature_celsius 64',
      'engine_sim_utilization_percent 97',
    ].join('\n');
    expect(parseEngineMetrics(text)).toEqual({
      simulatedGpu: { powerWatts: 287.5, powerLimitWatts: 300, temperatureC: 64, utilizationPercent: 97 },
    });
  });

  test('label values may hold braces, commas, quotes and backslashes', () => {
    const text = 'vllm:num_requests_running{model_name="a},b=\\"c\\" \\\\ 5",engine="0"} 6 1700000000000';
    expect(parseEngineMetrics(text)).toEqual({ running: 6 });
  });

  test('what is not a number, and what is no page of metrics, counts as not told', () => {
    expect(parseEngineMetrics('vllm:num_requests_running NaN\nvllm:num_requests_waiting +Inf')).toEqual({});
    expect(parseEngineMetrics('<html><body>502 Bad Gateway</body></html>')).toEqual({});
    expect(parseEngineMetrics('')).toEqual({});
  });
});
