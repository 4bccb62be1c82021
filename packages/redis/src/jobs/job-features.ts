import type { Endpoint, JobView, PrefixHashes, RoutingStrategy } from '@spillway/core';

/** What a plan reads of a job. */
export type JobFeatures = Pick<
  JobView,
  'endpoint' | 'strategy' | 'task' | 'inputTokens' | 'outputTokens' | 'prefix' | 'minQuality' | 'maxCostUsd'
>;

/** What of them stands in the record itself: the prefix may be long, and only plans read it. */
export type RecordedFeatures = Omit<JobFeatures, 'prefix'>;

const ENDPOINT_CODES: Readonly<Record<Endpoint, string>> = {
  '/v1/chat/completions': 'c',
  '/v1/completions': 'p',
  '/v1/embeddings': 'e',
  '/v1/responses': 'r',
  '/v1/messages': 'm',
};
const STRATEGY_CODES: Readonly<Record<RoutingStrategy, string>> = {
  auto: 'a',
  balanced: 'b',
  fast: 'f',
  quality: 'q',
  cost: 'c',
  long_context: 'l',
  self_hosted_only: 's',
  cloud_only: 'o',
};
/** Steps of a bound as it is stored: a quality in hundred-thousandths, a cost in millionths of a dollar. */
const QUALITY_STEPS = 100_000;
const COST_STEPS = 1_000_000;
const NONE = '-';

/**
 * `c a 7y 5c chat 1fnk 2s`: endpoint, strategy, prompt and answer tokens, task, and the bounds that it has. Short, because
 * a record with a longer value than 64 bytes takes ten times the memory.
 */
export function formatFeatures(features: RecordedFeatures): string {
  const { endpoint, strategy, inputTokens, outputTokens, task, minQuality, maxCostUsd } = features;
  const bounds =
    maxCostUsd === undefined
      ? minQuality === undefined
        ? []
        : [inSteps(minQuality, QUALITY_STEPS)]
      : [inSteps(minQuality, QUALITY_STEPS), inSteps(maxCostUsd, COST_STEPS)];
  const tokens = [inSteps(inputTokens, 1), inSteps(outputTokens, 1)];
  return [ENDPOINT_CODES[endpoint], STRATEGY_CODES[strategy], ...tokens, task, ...bounds].join(' ');
}

/** The other direction; undefined for a text this version did not write. */
export function parseFeatures(text: string): RecordedFeatures | undefined {
  const [endpointCode, strategyCode, input, output, task, quality = NONE, cost = NONE, ...rest] =
    text.split(' ');
  const endpoint = nameOf(ENDPOINT_CODES, endpointCode);
  const strategy = nameOf(STRATEGY_CODES, strategyCode);
  if (endpoint === undefined || strategy === undefined || !task || rest.length > 0) return undefined;
  const inputTokens = fromSteps(input, 1);
  const outputTokens = fromSteps(output, 1);
  if (inputTokens === undefined || outputTokens === undefined) return undefined;
  const minQuality = fromSteps(quality, QUALITY_STEPS);
  const maxCostUsd = fromSteps(cost, COST_STEPS);
  return {
    endpoint,
    strategy,
    task,
    inputTokens,
    outputTokens,
    ...(minQuality !== undefined && { minQuality }),
    ...(maxCostUsd !== undefined && { maxCostUsd }),
  };
}

const inSteps = (value: number | undefined, steps: number): string =>
  value === undefined ? NONE : Math.round(value * steps).toString(36);

function fromSteps(text: string | undefined, steps: number): number | undefined {
  const value = Number.parseInt(text ?? NONE, 36);
  return Number.isNaN(value) ? undefined : value / steps;
}

const nameOf = <Name extends string>(
  codes: Readonly<Record<Name, string>>,
  code: string | undefined,
): Name | undefined => (Object.keys(codes) as Name[]).find((name) => codes[name] === code);

/** A hash is below 2^53. */
const HASH_BYTES = 7;

/** As `job:<id>:prefix` holds it: seven bytes of each hash, in base64. */
export function formatPrefix(prefix: PrefixHashes): string {
  const bytes = Buffer.alloc(prefix.length * HASH_BYTES);
  for (const [index, hash] of prefix.entries()) {
    bytes.writeUIntBE(Math.floor(hash / 2 ** 32), index * HASH_BYTES, 3);
    bytes.writeUInt32BE(hash % 2 ** 32, index * HASH_BYTES + 3);
  }
  return bytes.toString('base64url');
}

/** The other direction; an empty text is no prefix. */
export function parsePrefix(text: string): PrefixHashes {
  const bytes = Buffer.from(text, 'base64url');
  const hashes: number[] = [];
  for (let at = 0; at + HASH_BYTES <= bytes.length; at += HASH_BYTES) {
    hashes.push(bytes.readUIntBE(at, 3) * 2 ** 32 + bytes.readUInt32BE(at + 3));
  }
  return hashes;
}
