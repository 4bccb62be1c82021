import { randomInt } from 'node:crypto';
import type { JsonObject } from '@spillway/core';
import { checkCustomId } from './check-custom-id.ts';
import { checkMessageLine } from './check-message-line.ts';
import { type InputRules, type OpenAiRules, countEmbeddingInputs } from './input-rules.ts';
import { checkOpenAiLine } from './check-openai-line.ts';
import { type LineMistake, mistake, quote } from './line-mistake.ts';
import { longestPromptTokens } from './prompt-tokens.ts';
import { createSeenIds } from './seen-ids.ts';

/** Judges the lines of one input in their order; it remembers what only the file as a whole can break. */
export interface LineJudge {
  /** @param line its number, from 1 */
  judge(value: JsonObject, bytes: number, line: number): readonly LineMistake[];
  /** Models that lines without a mistake ask for; the first hundred, in the order of their first use. */
  readonly models: ReadonlySet<string>;
}

export function createLineJudge(rules: InputRules): LineJudge {
  const seen = createSeenIds([randomInt(2 ** 32), randomInt(2 ** 32)]);
  const models = new Set<string>();
  const read = rules.face === 'openai' ? createOpenAiReader(rules) : OWN_READERS[rules.face];
  return {
    models,
    judge: (value, bytes, line) => {
      const { customId, model, mistakes } = read(value, bytes);
      const before = customId === undefined ? undefined : seen.note(customId, line);
      if (before !== undefined && customId !== undefined) {
        return [...mistakes, duplicate(customId, before)];
      }
      if (model !== undefined && mistakes.length === 0 && models.size < MOST_MODELS) models.add(model);
      return mistakes;
    },
  };
}

const MOST_MODELS = 100;

interface ReadLine {
  readonly customId: string | undefined;
  readonly model: string | undefined;
  readonly mistakes: readonly LineMistake[];
}

function createOpenAiReader(rules: OpenAiRules) {
  let inputs = 0;
  const judgeModel = (model: string, body: JsonObject, bytes: number): LineMistake | undefined => {
    if (!rules.isServed(model)) {
      const message = `The model ${quote(model)} is not served for ${rules.endpoint}: use one that GET /v1/models lists.`;
      return mistake('model_not_found', message, 'body.model');
    }
    const context = rules.contextTokensOf(model);
    // A token of text is a byte or more: short lines need no estimate.
    if (context === undefined || bytes <= context) return undefined;
    const tokens = longestPromptTokens(rules.endpoint, body);
    if (tokens <= context * SURELY_TOO_LONG) return undefined;
    const message = `The prompt has about ${tokens} tokens, and the model ${quote(model)} takes ${context}: shorten it.`;
    return mistake('token_limit_exceeded', message, 'body');
  };
  return (value: JsonObject, bytes: number): ReadLine => {
    const { customId, body, model, mistakes } = checkOpenAiLine(value, rules.endpoint);
    const found = [...mistakes];
    const aboutModel = model === undefined || body === undefined ? undefined : judgeModel(model, body, bytes);
    if (aboutModel !== undefined) found.push(aboutModel);
    if (rules.endpoint === '/v1/embeddings' && body !== undefined) {
      const fits = inputs <= rules.mostEmbeddingInputs;
      inputs += countEmbeddingInputs(body);
      // Once: the lines after it are beyond the limit too.
      if (fits && inputs > rules.mostEmbeddingInputs) found.push(tooManyInputs(rules.mostEmbeddingInputs));
    }
    return { customId, model, mistakes: found };
  };
}

/** The estimate is within a quarter for prose: a line that may well fit is not to fail its whole file. */
const SURELY_TOO_LONG = 1.25;

const OWN_READERS = {
  anthropic: (value: JsonObject): ReadLine => {
    const line = checkMessageLine(value);
    if (line.kind === 'mistake') return { customId: undefined, model: undefined, mistakes: [line.mistake] };
    const { model } = line.params;
    return { customId: line.customId, model: typeof model === 'string' ? model : undefined, mistakes: [] };
  },
  documents: ({ custom_id: customId }: JsonObject): ReadLine => {
    const wrong = checkCustomId(customId);
    if (wrong !== undefined) return { customId: undefined, model: undefined, mistakes: [wrong] };
    return { customId: typeof customId === 'string' ? customId : undefined, model: undefined, mistakes: [] };
  },
} as const;

const duplicate = (customId: string, before: number): LineMistake =>
  mistake(
    'duplicate_custom_id',
    `custom_id ${quote(customId)} is that of line ${before} too: give every line its own.`,
    'custom_id',
  );

const tooManyInputs = (most: number): LineMistake =>
  mistake(
    'too_many_inputs',
    `Up to here the file holds more than ${most} texts to embed: split it into several batches.`,
    'body.input',
  );
