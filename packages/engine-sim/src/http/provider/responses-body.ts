import { assertNever, isJsonObject, type JsonObject } from '@spillway/core';
import { z } from 'zod';
import type { AnswerFormat } from '../../answers/answer.ts';
import { contentText } from '../openai-bodies.ts';

const contentSchema = z.union([
  z.string(),
  z.array(z.looseObject({ type: z.string(), text: z.string().optional() })),
]);
/** Messages, calls, what functions answered: whatever holds text is read, the rest passes unseen. */
const itemSchema = z.looseObject({
  type: z.string().optional(),
  content: contentSchema.nullish(),
  output: contentSchema.nullish(),
});

/** The fields of `POST /v1/responses` the simulation acts on; every other one passes unseen. */
export const responsesBody = z.looseObject({
  model: z.string().optional(),
  input: z.union([z.string(), z.array(itemSchema).min(1)]),
  instructions: z.string().nullish(),
  max_output_tokens: z.int().min(1).nullish(),
  stream: z.literal(false, { error: 'this simulation does not stream responses' }).nullish(),
  background: z.literal(false, { error: 'this simulation keeps no responses' }).nullish(),
  previous_response_id: z.null({ error: 'this simulation keeps no responses' }).optional(),
  text: z
    .looseObject({
      format: z
        .discriminatedUnion('type', [
          z.looseObject({ type: z.literal('text') }),
          z.looseObject({ type: z.literal('json_object') }),
          z.looseObject({ type: z.literal('json_schema'), schema: z.custom<JsonObject>(isJsonObject) }),
        ])
        .nullish(),
    })
    .nullish(),
});
export type ResponsesBody = z.infer<typeof responsesBody>;

/** The texts in the order the model reads them: the instructions, then the input. */
export const responsesTexts = ({ instructions, input }: ResponsesBody): string[] => [
  ...(typeof instructions === 'string' ? [instructions] : []),
  ...(typeof input === 'string'
    ? [input]
    : input.map(({ content, output }) => contentText(content ?? output ?? ''))),
];

export function responsesFormat({ text }: ResponsesBody): AnswerFormat {
  const format = text?.format;
  switch (format?.type) {
    case 'json_object':
      return { kind: 'json-object' };
    case 'json_schema':
      return { kind: 'json-schema', schema: format.schema };
    case 'text':
    case undefined:
      return { kind: 'text' };
    default:
      return assertNever(format);
  }
}
