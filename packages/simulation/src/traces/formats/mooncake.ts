import { isJsonObject, ok } from '@spillway/core';
import { z } from 'zod';
import { jsonOf, parseJsonLine, prefixSchema, tokensSchema } from '../json-line.ts';
import { LATEST_MS, type LineFormat } from '../line-parser.ts';

const lineSchema = z.object({
  timestamp: z.number().min(0).max(LATEST_MS),
  input_length: tokensSchema,
  output_length: tokensSchema,
  hash_ids: prefixSchema.default([]),
});

/** Mooncake: times in ms, and the hashes of each prompt's blocks of 512 tokens. */
export const mooncake: LineFormat = {
  name: 'mooncake',
  sample: '{"timestamp":0,"input_length":6758,"output_length":500,"hash_ids":[0,1]}',
  open: (firstLine) => {
    const first = jsonOf(firstLine);
    if (!isJsonObject(first) || !('timestamp' in first && 'input_length' in first)) return undefined;
    return { hasHeader: false, parse: parseMooncake };
  },
};

const parseMooncake = (line: string) => {
  const parsed = parseJsonLine(lineSchema, line);
  if (!parsed.ok) return parsed;
  const { timestamp, input_length, output_length, hash_ids } = parsed.value;
  if (output_length === 0) return ok('no-answer' as const);
  return ok({
    atMs: timestamp,
    inputTokens: input_length,
    outputTokens: output_length,
    ...(hash_ids.length === 0 ? {} : { prefix: hash_ids }),
  });
};
