import { isJsonObject } from '@spillway/core';
import { z } from 'zod';
import { asParts } from '../as-parts.ts';
import { parseJson } from '../parse-json.ts';

const textPart = z.strictObject({ type: z.literal('text'), text: z.string() });
const refusalPart = z.strictObject({ type: z.literal('refusal'), refusal: z.string() });
const imagePart = z.strictObject({
  type: z.literal('image_url'),
  image_url: z.strictObject({ url: imageUrl(), detail: z.string().nullish() }),
});
const texts = z.preprocess(asParts('text'), z.array(textPart));

const toolCallSchema = z.strictObject({
  id: z.string().min(1),
  type: z.literal('function').optional(),
  function: z.strictObject({ name: z.string().min(1), arguments: jsonObjectText() }),
  index: z.unknown().optional(),
});

export const chatMessageSchema = z.discriminatedUnion('role', [
  z.strictObject({ role: z.literal(['system', 'developer']), content: texts, name: z.unknown().optional() }),
  z.strictObject({
    role: z.literal('user'),
    content: z.preprocess(
      asParts('text'),
      z
        .array(z.discriminatedUnion('type', [textPart, imagePart]))
        .refine((parts) => parts.some((part) => part.type !== 'text' || part.text.trim() !== ''), {
          error: 'must not be empty',
        }),
    ),
  }),
  z.strictObject({
    role: z.literal('assistant'),
    content: z.preprocess(asParts('text'), z.array(z.discriminatedUnion('type', [textPart, refusalPart]))),
    refusal: z.string().nullish(),
    tool_calls: z.array(toolCallSchema).nullish(),
    audio: z.null().optional(),
    function_call: z.null().optional(),
    // what engines and vendors add to an answer and clients send back with it
    annotations: z.unknown().optional(),
    reasoning: z.unknown().optional(),
    reasoning_content: z.unknown().optional(),
  }),
  z.strictObject({
    role: z.literal('tool'),
    tool_call_id: z.string().min(1),
    content: texts,
    name: z.unknown().optional(),
  }),
]);
export type ChatMessage = z.infer<typeof chatMessageSchema>;
export type ChatPart = Extract<ChatMessage, { role: 'user' | 'assistant' }>['content'][number];

const IMAGE_TYPES = ['image/jpeg', 'image/png', 'image/gif', 'image/webp'] as const;
const isImageType = (raw: string | undefined): raw is (typeof IMAGE_TYPES)[number] =>
  IMAGE_TYPES.some((type) => type === raw);

/** `https:` addresses and base64 `data:` URLs of the four formats; anything else would have to be fetched by us. */
function imageUrl() {
  return z.string().transform((url, context) => {
    if (/^https:\/\//i.test(url)) return { type: 'url', url } as const;
    const [, mediaType, data] = /^data:([a-z]+\/[a-z]+);base64,(.+)$/is.exec(url) ?? [];
    if (isImageType(mediaType) && data !== undefined)
      return { type: 'base64', media_type: mediaType, data } as const;
    context.issues.push({ code: 'custom', input: undefined, message: 'must be https: or a base64 image' });
    return z.NEVER;
  });
}

function jsonObjectText() {
  return z.string().transform((text, context) => {
    const value = parseJson(text === '' ? '{}' : text);
    if (isJsonObject(value)) return value;
    context.issues.push({ code: 'custom', input: undefined, message: 'must be the text of a JSON object' });
    return z.NEVER;
  });
}
