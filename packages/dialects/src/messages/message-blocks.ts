import { z } from 'zod';
import { asParts } from '../as-parts.ts';

/** What bears on the cost of a request, or on how its answer is shown, but not on the answer. */
const hint = z.unknown().optional();
const common = { cache_control: hint };
const noCitations = z
  .strictObject({
    enabled: z.literal(false, { error: 'citations have no equivalent in chat completions' }).optional(),
  })
  .nullish();

const text = z.strictObject({ type: z.literal('text'), text: z.string(), citations: hint, ...common });
const image = z.strictObject({
  type: z.literal('image'),
  source: z.discriminatedUnion('type', [
    z.strictObject({ type: z.literal('url'), url: z.string() }),
    z.strictObject({ type: z.literal('base64'), media_type: z.string(), data: z.string() }),
  ]),
  ...common,
});
const plainSource = z.strictObject({
  type: z.literal('text'),
  media_type: z.literal('text/plain'),
  data: z.string(),
});
const documentFields = {
  type: z.literal('document'),
  title: z.string().nullish(),
  context: z.string().nullish(),
  citations: noCitations,
  ...common,
};
const contentSource = <Part extends z.ZodType>(part: Part) =>
  z.strictObject({ type: z.literal('content'), content: z.preprocess(asParts('text'), z.array(part)) });
const textDocument = z.strictObject({
  ...documentFields,
  source: z.discriminatedUnion('type', [plainSource, contentSource(z.discriminatedUnion('type', [text]))]),
});
const document = z.strictObject({
  ...documentFields,
  source: z.discriminatedUnion('type', [
    plainSource,
    contentSource(z.discriminatedUnion('type', [text, image])),
  ]),
});
const searchResult = z.strictObject({
  type: z.literal('search_result'),
  title: z.string(),
  source: z.string(),
  content: z.array(text),
  citations: noCitations,
  ...common,
});
const toolResult = z.strictObject({
  type: z.literal('tool_result'),
  tool_use_id: z.string().min(1),
  // a chat has no other place for images than the words of the user
  content: z.preprocess(
    asParts('text'),
    z.array(z.discriminatedUnion('type', [text, searchResult, textDocument])),
  ),
  is_error: z.boolean().nullish(),
  toolset_name: z.null().optional(),
  ...common,
});
const toolUse = z.strictObject({
  type: z.literal('tool_use'),
  id: z.string().min(1),
  name: z.string().min(1),
  input: z.unknown(),
  caller: z.strictObject({ type: z.literal('direct') }).nullish(),
  toolset_name: z.null().optional(),
  ...common,
});
/** The model's own thoughts, which no other model is shown. */
const thinking = z.object({ type: z.literal(['thinking', 'redacted_thinking']) });

export const textBlocks = z.preprocess(asParts('text'), z.array(text));
const userBlocks = z.preprocess(
  asParts('text'),
  z.array(z.discriminatedUnion('type', [text, image, document, searchResult, toolResult])),
);
const assistantBlocks = z.preprocess(
  asParts('text'),
  z.array(z.discriminatedUnion('type', [text, toolUse, thinking])),
);

export const turnSchema = z.discriminatedUnion('role', [
  z.strictObject({ role: z.literal('user'), content: userBlocks }),
  z.strictObject({ role: z.literal('assistant'), content: assistantBlocks }),
  z.strictObject({ role: z.literal('system'), content: textBlocks }),
]);
export type Turn = z.infer<typeof turnSchema>;
export type UserBlock = Extract<Turn, { role: 'user' }>['content'][number];
export type AssistantBlock = Extract<Turn, { role: 'assistant' }>['content'][number];
