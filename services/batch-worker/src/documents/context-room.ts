import { backendsServing, type Config, isLocalBackend, modelGroups } from '@spillway/contracts';
import { err, estimateRequestTokens, estimateTokens, ok, type Result, rulesOut } from '@spillway/core';
import type { DocumentOptions } from './document-options.ts';
import { buildRequest, readTemplate } from './prompt.ts';

interface ContextProblem {
  readonly code: 'context-exceeded' | 'invalid-request';
  readonly detail: string;
}

/**
 * The window that a job of these options has wherever it runs, in tokens: the smallest that is configured for a backend
 * that may run it, 8192 when none is.
 */
export function contextTokensOf(
  { model, strategy }: Pick<DocumentOptions, 'model' | 'strategy'>,
  pinned: boolean,
  config: Config,
): number {
  const models = modelGroups(config).get(model) ?? [];
  const windows = backendsServing(models, config).flatMap((backend) => {
    const isLocal = isLocalBackend(backend);
    const isRuledOut = rulesOut(config.routing.strategies[strategy], isLocal ? 'local' : 'cloud');
    if (isRuledOut || (pinned && !isLocal)) return [];
    return [backend.context_tokens, isLocal ? backend.kv_capacity_tokens : undefined];
  });
  const known = windows.filter((tokens) => tokens !== undefined);
  return known.length === 0 ? DEFAULT_CONTEXT_TOKENS : Math.min(...known);
}

const DEFAULT_CONTEXT_TOKENS = 8192;

/**
 * What of the text, or of the answers that stand for it, one step may hold, in estimated tokens: the window without the
 * answer, the instruction, the schema, and what a repair would add. Refuses what leaves no room worth speaking of.
 */
export function roomForText(
  options: DocumentOptions,
  name: string,
  contextTokens: number,
): Result<number, ContextProblem> {
  const { instruction, schema, max_output_tokens: outputTokens } = options;
  const template = readTemplate(instruction, name);
  if (!template.ok) return err({ code: 'invalid-request', detail: template.error.detail });
  let frame = 0;
  for (const part of [undefined, LAST_PART]) {
    for (const holds of ['document', 'answers'] as const) {
      const request = buildRequest(options, { name, text: '', holds, part });
      if (!request.ok) return err({ code: 'invalid-request', detail: request.error.detail });
      frame = Math.max(frame, estimateRequestTokens('/v1/chat/completions', request.value).inputTokens);
    }
  }
  const prompt = promptTokens(contextTokens, outputTokens);
  const forSchema =
    schema === undefined
      ? 0
      : estimateTokens(JSON.stringify(schema)) + Math.min(outputTokens + REPAIR_TOKENS, prompt / 4);
  const room = Math.floor((prompt - frame - forSchema) / Math.max(1, template.value.occurrences));
  return room < SMALLEST_ROOM ? err(noRoom(contextTokens, outputTokens)) : ok(room);
}

/** What a prompt may have, as estimates go, so that it fits beside its answer whatever the model's own count is. */
export const promptTokens = (contextTokens: number, outputTokens: number): number =>
  Math.floor((contextTokens - outputTokens) / ESTIMATE_MARGIN);

/** Estimates are within a quarter. */
const ESTIMATE_MARGIN = 1.25;
const SMALLEST_ROOM = 64;
/** What was wrong with an answer, in words. */
const REPAIR_TOKENS = 300;
/** The longest words about a part. */
const LAST_PART = { number: 9999, of: 9999 };

const noRoom = (contextTokens: number, outputTokens: number): ContextProblem => ({
  code: 'context-exceeded',
  detail: `instruction, schema and an answer of ${outputTokens} tokens leave no room for a document in the model's window of ${contextTokens} tokens`,
});
