import { assertNever, isJsonObject, type JsonObject } from '@spillway/core';
import { z } from 'zod';
import type { AnswerFormat } from '../answers/answer.ts';

/** The fields the simulators act on; every other field of the OpenAI API passes unseen. */
const contentSchema = z.union([
  z.string(),
  z.null(),
  z.array(z.looseObject({ type: z.string(), text: z.string().optional() })),
]);
const formatSchema = z.discriminatedUnion('type', [
  z.looseObject({ type: z.literal('text') }),
  z.looseObject({ type: z.literal('json_object') }),
  z.looseObject({
    type: z.literal('json_schema'),
    json_schema: z.looseObject({ schema: z.custom<JsonObject>(isJsonObject).optional() }),
  }),
]);
const generation = {
  model: z.string().optional(),
  stream: z.boolean().nullish(),
  stream_options: z.looseObject({ include_usage: z.boolean().nullish() }).nullish(),
  max_tokens: z.int().min(1).nullish(),
  // one choice per request is all a job asks for
  n: z.literal(1, { error: 'this simulation answers one choice (n = 1)' }).nullish(),
  /** vLLM's: prompts with other salts share nothing of its prefix cache. */
  cache_salt: z.string().min(1).nullish(),
};

export const chatBody = z.looseObject({
  ...generation,
  messages: z.array(z.looseObject({ role: z.string(), content: contentSchema.optional() })).min(1),
  max_completion_tokens: z.int().min(1).nullish(),
  response_format: formatSchema.nullish(),
});
export type ChatBody = z.infer<typeof chatBody>;

const tokenIds = z.array(z.int().min(0)).min(1);
export const completionBody = z.looseObject({
  ...generation,
  prompt: z.union([z.string(), z.array(z.string()).length(1), tokenIds]),
});
export type CompletionBody = z.infer<typeof completionBody>;

export const embeddingBody = z.looseObject({
  model: z.string().optional(),
  input: z.union([z.string(), z.array(z.string()).min(1).max(2_048), tokenIds, z.array(tokenIds).min(1)]),
  encoding_format: z.enum(['float', 'base64']).nullish(),
  dimensions: z.int().min(1).max(4_096).nullish(),
});
export type EmbeddingBody = z.infer<typeof embeddingBody>;

/** The texts of a chat, one per message; parts other than text count as nothing. */
export const chatTexts = (body: ChatBody): string[] =>
  body.messages.map(({ content }) => contentText(content ?? ''));

export const contentText = (content: string | readonly { readonly text?: string | undefined }[]): string =>
  typeof content === 'string' ? content : content.map((part) => part.text ?? '').join('');

export const completionTexts = ({ prompt }: CompletionBody): string[] =>
  typeof prompt === 'string' ? [prompt] : [prompt.join(' ')];

/** One text per input to embed; token ids stand as their decimal digits. */
export function embeddingTexts({ input }: EmbeddingBody): string[] {
  if (typeof input === 'string') return [input];
  if (input.every((item) => typeof item === 'number')) return [input.join(' ')];
  return input.map((item) => (Array.isArray(item) ? item.join(' ') : item));
}

export function formatOf(raw: ChatBody['response_format']): AnswerFormat {
  switch (raw?.type) {
    case 'json_object':
      return { kind: 'json-object' };
    case 'json_schema':
      return { kind: 'json-schema', schema: raw.json_schema.schema ?? {} };
    case 'text':
    case undefined:
      return { kind: 'text' };
    default:
      return assertNever(raw);
  }
}
