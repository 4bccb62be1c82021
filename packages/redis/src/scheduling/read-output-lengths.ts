import type { OutputLengths, OutputLength } from '@spillway/core';
import type { Redis } from 'ioredis';
import type { Keys } from '../keys.ts';

const FIELDS_PER_CALL = 1000;

/**
 * What is known of the lengths of answers, read again when it is older than `maxAgeMs`. They are statistics, which a few
 * seconds hardly change: so a tick costs nothing for them, however many there are (commits keep at most 10,000).
 */
export function createOutputLengths(
  redis: Redis,
  keys: Keys,
  maxAgeMs: number,
): () => Promise<OutputLengths> {
  let known: { readonly lengths: Promise<OutputLengths>; readonly atMs: number } | undefined;
  return async () => {
    const nowMs = performance.now();
    if (known !== undefined && nowMs - known.atMs < maxAgeMs) return known.lengths;
    const lengths = readLengths(redis, `${keys.prefix}lengths`);
    const reading = { lengths, atMs: nowMs };
    known = reading;
    try {
      return await lengths;
    } catch (error) {
      if (known === reading) known = undefined;
      throw error;
    }
  };
}

async function readLengths(redis: Redis, key: string): Promise<OutputLengths> {
  const lengths = new Map<string, OutputLength>();
  let cursor = '0';
  do {
    const [next, fields] = await redis.hscan(key, cursor, 'COUNT', FIELDS_PER_CALL);
    for (let index = 0; index < fields.length; index += 2) {
      const length = parseLength(fields[index + 1] ?? '');
      if (length !== undefined) lengths.set(fields[index] ?? '', length);
    }
    cursor = next;
  } while (cursor !== '0');
  return lengths;
}

/** `p50 p90 mean samples`; undefined for a text this version did not write. */
function parseLength(text: string): OutputLength | undefined {
  const [p50, p90, mean, samples, ...rest] = text.split(' ').map(Number);
  if (p50 === undefined || p90 === undefined || mean === undefined || samples === undefined) return undefined;
  const all = [p50, p90, mean, samples, ...rest];
  return all.length === 4 && all.every((number) => number >= 0) ? { p50, p90, mean, samples } : undefined;
}
