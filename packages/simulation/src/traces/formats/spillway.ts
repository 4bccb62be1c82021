import { isJsonObject, JOB_CLASSES, ok, ROUTING_STRATEGIES } from '@spillway/core';
import { z } from 'zod';
import { jsonOf, parseJsonLine, prefixSchema, tokensSchema } from '../json-line.ts';
import { LATEST_MS, type LineFormat, type ParsedLine } from '../line-parser.ts';
import type { TraceRecord } from '../trace-record.ts';
import { traceName } from '../trace-name.ts';

const nameSchema = z.string().min(1).max(256);

/** A line of Spillway's own trace format, version 1, as `spillway export-trace` writes it. */
const traceLineSchema = z.strictObject({
  v: z.literal(1, { error: 'must be 1, the version this program reads' }),
  /** When the job was accepted, in ms since 1970. Lines stand in any order. */
  at_ms: z.number().min(0).max(LATEST_MS),
  tenant: nameSchema.optional(),
  /** Which of the tenant's keys, users or sessions. */
  key: nameSchema.optional(),
  class: z.enum(JOB_CLASSES).optional(),
  pinned: z.boolean().optional(),
  input_tokens: tokensSchema,
  output_tokens: tokensSchema,
  max_output_tokens: tokensSchema.optional(),
  model: nameSchema.optional(),
  task: z.string().min(1).max(32).optional(),
  strategy: z.enum(ROUTING_STRATEGIES).optional(),
  /** From its arrival. */
  deadline_ms: z.number().positive().max(LATEST_MS).optional(),
  /** Hashes of the prompt's blocks, from its beginning. */
  prefix: prefixSchema.optional(),
});
export type TraceLine = z.infer<typeof traceLineSchema>;

/** What `spillway export-trace` writes. */
export const spillway: LineFormat = {
  name: 'spillway',
  sample: '{"v":1,"at_ms":1767225600000,"input_tokens":812,"output_tokens":96}',
  open: (firstLine) => {
    const first = jsonOf(firstLine);
    if (!isJsonObject(first) || !('v' in first && 'at_ms' in first)) return undefined;
    return { hasHeader: false, parse: parseSpillway };
  },
};

function parseSpillway(line: string): ParsedLine {
  const parsed = parseJsonLine(traceLineSchema, line);
  if (!parsed.ok) return parsed;
  const { tenant, key, pinned, model, task, strategy, prefix, ...rest } = parsed.value;
  const optional: { -readonly [Field in keyof TraceRecord]?: TraceRecord[Field] } = {};
  if (tenant !== undefined) optional.tenant = traceName(tenant);
  if (key !== undefined) optional.key = traceName(key);
  if (rest.class !== undefined) optional.jobClass = rest.class;
  if (pinned !== undefined) optional.pinned = pinned;
  if (model !== undefined) optional.model = model;
  if (task !== undefined) optional.task = task;
  if (strategy !== undefined) optional.strategy = strategy;
  if (prefix !== undefined && prefix.length > 0) optional.prefix = prefix;
  if (rest.max_output_tokens !== undefined) optional.maxOutputTokens = rest.max_output_tokens;
  if (rest.deadline_ms !== undefined) optional.deadlineMs = rest.deadline_ms;
  return ok({
    ...optional,
    atMs: rest.at_ms,
    inputTokens: rest.input_tokens,
    outputTokens: rest.output_tokens,
  });
}
