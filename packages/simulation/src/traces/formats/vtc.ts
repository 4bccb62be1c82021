import { isJsonObject, ok } from '@spillway/core';
import { z } from 'zod';
import { jsonOf, parseJsonLine, tokensSchema } from '../json-line.ts';
import { LATEST_MS, type LineFormat } from '../line-parser.ts';
import { traceName } from '../trace-name.ts';

const lineSchema = z.object({
  t: z
    .number()
    .min(0)
    .max(LATEST_MS / 1000),
  client: z.string().min(1).max(1024),
  in: tokensSchema,
  out: tokensSchema,
});

/** The requests of the VTC artifact, one JSON object a line: times in seconds, and whose each request is. */
export const vtc: LineFormat = {
  name: 'vtc',
  sample: '{"t":0.208,"client":"2","in":36,"out":137}',
  open: (firstLine) => {
    const first = jsonOf(firstLine);
    if (!isJsonObject(first) || !('t' in first && 'client' in first)) return undefined;
    return { hasHeader: false, parse: parseVtc };
  },
};

const parseVtc = (line: string) => {
  const parsed = parseJsonLine(lineSchema, line);
  if (!parsed.ok) return parsed;
  const { t, client, in: inputTokens, out: outputTokens } = parsed.value;
  if (outputTokens === 0) return ok('no-answer' as const);
  return ok({ atMs: t * 1000, inputTokens, outputTokens, tenant: traceName(client) });
};
