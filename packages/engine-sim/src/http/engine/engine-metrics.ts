import type { Histogram } from '../../engine/histogram.ts';
import { BLOCK_TOKENS } from '../../engine/kv-blocks.ts';
import type { EngineDeps } from './engine-deps.ts';

type Labels = Readonly<Record<string, string>>;
type Sample = readonly [labels: Labels, value: number];

/** The page Prometheus reads: vLLM's names, then `engine_sim_` for what only a simulated card says. */
export function engineMetrics(deps: EngineDeps): string {
  const { engine, meter } = deps.loop;
  const labels: Labels = { engine: '0', model_name: deps.modelName };
  const one = (value: number): Sample[] => [[labels, value]];
  const busy = engine.running > 0;
  const { power } = deps;
  return [
    gauge('vllm:num_requests_running', 'Number of requests in model execution batches.', one(engine.running)),
    gauge('vllm:num_requests_waiting', 'Number of requests waiting to be processed.', one(engine.waiting)),
    gauge('vllm:num_requests_waiting_by_reason', 'Number of waiting requests by reason.', [
      [{ ...labels, reason: 'capacity' }, engine.waiting],
      [{ ...labels, reason: 'deferred' }, 0],
    ]),
    gauge('vllm:kv_cache_usage_perc', 'KV-cache usage. 1 means 100 percent usage.', one(engine.kvUsed)),
    gauge('vllm:cache_config_info', 'Information of the LLMEngine CacheConfig', [
      [{ ...labels, block_size: String(BLOCK_TOKENS), num_gpu_blocks: String(engine.kvBlocks) }, 1],
    ]),
    counter('vllm:prefix_cache_queries_total', 'Prefix cache queries, in tokens.', one(engine.prefixQueries)),
    counter('vllm:prefix_cache_hits_total', 'Prefix cache hits, in tokens.', one(engine.prefixHits)),
    counter('vllm:num_preemptions_total', 'Cumulative number of preemptions.', one(engine.preemptions)),
    counter('vllm:prompt_tokens_total', 'Number of prefill tokens processed.', one(engine.promptTokens)),
    counter(
      'vllm:generation_tokens_total',
      'Number of generation tokens processed.',
      one(engine.generatedTokens),
    ),
    counter('vllm:request_success_total', 'Count of processed requests.', [
      [{ ...labels, finished_reason: 'stop' }, meter.finished.stop],
      [{ ...labels, finished_reason: 'length' }, meter.finished.length],
      [{ ...labels, finished_reason: 'abort' }, meter.aborted],
    ]),
    histogram('vllm:time_to_first_token_seconds', 'Time to first token.', labels, meter.firstTokenSeconds),
    histogram(
      'vllm:e2e_request_latency_seconds',
      'End to end request latency.',
      labels,
      meter.requestSeconds,
    ),
    histogram('vllm:request_queue_time_seconds', 'Time in the WAITING phase.', labels, meter.queueSeconds),
    gauge('engine_sim_power_watts', 'SIMULATED board power.', one(busy ? power.busyWatts : power.idleWatts)),
    gauge('engine_sim_power_limit_watts', 'SIMULATED power limit.', one(power.limitWatts)),
    gauge(
      'engine_sim_temperature_celsius',
      'SIMULATED GPU temperature.',
      one(busy ? power.busyCelsius : power.idleCelsius),
    ),
    gauge('engine_sim_utilization_percent', 'SIMULATED GPU utilization.', one(busy ? 100 : 0)),
    gauge('engine_sim_peak_requests_running', 'Most requests ever running at once.', one(engine.peakRunning)),
  ].join('');
}

const gauge = (name: string, help: string, samples: readonly Sample[]): string =>
  family(name, help, 'gauge', samples);

const counter = (name: string, help: string, samples: readonly Sample[]): string =>
  family(name, help, 'counter', samples);

function family(name: string, help: string, type: string, samples: readonly Sample[]): string {
  return `${header(name, help, type)}${samples.map(([labels, value]) => line(name, labels, value)).join('')}`;
}

function histogram(name: string, help: string, labels: Labels, values: Histogram): string {
  const counts = values.cumulative();
  const buckets = values.upperBounds.map((bound, index) =>
    line(`${name}_bucket`, { ...labels, le: String(bound) }, counts[index] ?? 0),
  );
  return [
    header(name, help, 'histogram'),
    ...buckets,
    line(`${name}_bucket`, { ...labels, le: '+Inf' }, values.count),
    line(`${name}_sum`, labels, values.sum),
    line(`${name}_count`, labels, values.count),
  ].join('');
}

const header = (name: string, help: string, type: string): string =>
  `# HELP ${name} ${help}\n# TYPE ${name} ${type}\n`;

function line(name: string, labels: Labels, value: number): string {
  const pairs = Object.entries(labels).map(([key, text]) => `${key}="${escapeLabel(text)}"`);
  return `${name}{${pairs.join(',')}} ${value}\n`;
}

const escapeLabel = (text: string): string =>
  text.replaceAll('\\', '\\\\').replaceAll('"', '\\"').replaceAll('\n', '\\n');
