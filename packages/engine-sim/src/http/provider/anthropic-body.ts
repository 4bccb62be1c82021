import { isJsonObject, type JsonObject } from '@spillway/core';
import { z } from 'zod';
import type { AnswerFormat } from '../../answers/answer.ts';
import { contentText } from '../openai-bodies.ts';

const contentSchema = z.union([
  z.string(),
  z.array(
    z.looseObject({ type: z.string(), text: z.string().optional(), cache_control: z.unknown().optional() }),
  ),
]);
const schemaObject = z.custom<JsonObject>(isJsonObject);

/** The fields of `POST /v1/messages` the simulation acts on; every other one passes unseen. */
export const messagesBody = z.looseObject({
  model: z.string().min(1),
  max_tokens: z.int().min(1),
  messages: z.array(z.looseObject({ role: z.enum(['user', 'assistant']), content: contentSchema })).min(1),
  system: contentSchema.optional(),
  stream: z.boolean().optional(),
  tools: z.array(z.looseObject({ name: z.string(), input_schema: schemaObject.optional() })).optional(),
  tool_choice: z.looseObject({ type: z.string(), name: z.string().optional() }).optional(),
  output_config: z
    .looseObject({
      format: z.looseObject({ type: z.literal('json_schema'), schema: schemaObject }).nullish(),
    })
    .optional(),
});
export type MessagesBody = z.infer<typeof messagesBody>;

/** The texts in the order the model reads them: the system prompt, then the messages. */
export const messagesTexts = ({ system, messages }: MessagesBody): string[] => [
  ...(system === undefined ? [] : [contentText(system)]),
  ...messages.map(({ content }) => contentText(content)),
];

/** The prefix the client asked to cache: the system prompt, when one of its blocks is marked. */
export function cachedPrefix({ system }: MessagesBody): string {
  if (system === undefined || typeof system === 'string') return '';
  return system.some((block) => isJsonObject(block.cache_control)) ? contentText(system) : '';
}

/** What to answer with: plain text, JSON after a schema, or a call of the tool the client insists on. */
export function messagesFormat(body: MessagesBody): {
  readonly format: AnswerFormat;
  readonly tool: string | undefined;
} {
  const { tool_choice: choice, tools = [], output_config: output } = body;
  const tool =
    choice?.type === 'tool'
      ? tools.find(({ name }) => name === choice.name)
      : choice?.type === 'any'
        ? tools[0]
        : undefined;
  if (tool !== undefined) {
    return { format: { kind: 'json-schema', schema: tool.input_schema ?? {} }, tool: tool.name };
  }
  const schema = output?.format?.schema;
  return {
    format: schema === undefined ? { kind: 'text' } : { kind: 'json-schema', schema },
    tool: undefined,
  };
}
