import { isJsonObject } from '@spillway/core';
import { z } from 'zod';
import { asParts } from '../as-parts.ts';

/** Identity and bookkeeping that an item of an earlier answer brings along. */
const sentBack = { id: z.string().nullish(), status: z.string().nullish() };
const hint = z.unknown().optional();

const inputText = z.strictObject({
  type: z.literal('input_text'),
  text: z.string(),
  prompt_cache_breakpoint: hint,
});
const inputImage = z.strictObject({
  type: z.literal('input_image'),
  image_url: z.string({ error: 'must be the image or its address: a stored file has no equivalent' }),
  detail: z.enum(['auto', 'low', 'high', 'original']).nullish(),
  file_id: z.null().optional(),
  prompt_cache_breakpoint: hint,
});
const outputText = z.strictObject({
  type: z.literal('output_text'),
  text: z.string(),
  annotations: hint,
  logprobs: hint,
});
const refusal = z.strictObject({ type: z.literal('refusal'), refusal: z.string() });

const message = { type: z.literal('message'), phase: hint, ...sentBack };
const messageItem = z.discriminatedUnion('role', [
  z.strictObject({
    ...message,
    role: z.literal(['system', 'developer']),
    content: z.preprocess(asParts('input_text'), z.array(z.discriminatedUnion('type', [inputText]))),
  }),
  z.strictObject({
    ...message,
    role: z.literal('user'),
    content: z.preprocess(
      asParts('input_text'),
      z.array(z.discriminatedUnion('type', [inputText, inputImage])),
    ),
  }),
  z.strictObject({
    ...message,
    role: z.literal('assistant'),
    content: z.preprocess(
      asParts('output_text'),
      z.array(z.discriminatedUnion('type', [outputText, inputText, refusal])),
    ),
  }),
]);

const direct = z.strictObject({ type: z.literal('direct') }).nullish();
const functionCall = z.strictObject({
  type: z.literal('function_call'),
  call_id: z.string().min(1),
  name: z.string().min(1),
  arguments: z.string(),
  caller: direct,
  async: z.literal(false).optional(),
  ...sentBack,
});
const functionCallOutput = z.strictObject({
  type: z.literal('function_call_output'),
  call_id: z.string().min(1),
  output: z.preprocess(asParts('input_text'), z.array(z.discriminatedUnion('type', [inputText]))),
  name: z.string().nullish(),
  caller: direct,
  ...sentBack,
});
/** The model's own thoughts, which no other model is shown. */
const reasoning = z.object({ type: z.literal('reasoning') });

/** An item without a type is a message. */
const asTyped = (item: unknown): unknown =>
  isJsonObject(item) && item['type'] === undefined ? { ...item, type: 'message' } : item;

const itemSchema = z.preprocess(
  asTyped,
  z.discriminatedUnion('type', [messageItem, functionCall, functionCallOutput, reasoning]),
);
export type InputItem = z.infer<typeof itemSchema>;
export type MessageItem = z.infer<typeof messageItem>;

export const inputSchema = z.preprocess(
  (input) => (typeof input === 'string' ? [{ role: 'user', content: input }] : input),
  z.array(itemSchema).min(1),
);
