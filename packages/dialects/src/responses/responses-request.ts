import { z } from 'zod';
import { inputSchema } from './input-items.ts';

const FUNCTIONS_ONLY =
  'must be "function": a tool that the vendor runs has no equivalent in chat completions';
const toolSchema = z.strictObject({
  type: z.literal('function', { error: FUNCTIONS_ONLY }),
  name: z.string().min(1),
  description: z.string().nullish(),
  parameters: z.record(z.string(), z.unknown()).nullish(),
  strict: z.boolean().nullish(),
  // what the function answers with is not shown to the model of a chat, nor does it have to be
  output_schema: z.unknown().optional(),
  defer_loading: z.literal(false).optional(),
  async: z.literal(false).optional(),
  allowed_callers: z.array(z.literal('direct')).nullish(),
});
export type ResponsesTool = z.infer<typeof toolSchema>;

const namedFunction = z.strictObject({
  type: z.literal('function', { error: FUNCTIONS_ONLY }),
  name: z.string().min(1),
});
const toolChoiceSchema = z.preprocess(
  (choice) => (typeof choice === 'string' ? { type: 'mode', mode: choice } : choice),
  z.discriminatedUnion('type', [
    z.strictObject({ type: z.literal('mode'), mode: z.enum(['none', 'auto', 'required']) }),
    namedFunction,
    z.strictObject({
      type: z.literal('allowed_tools'),
      mode: z.enum(['auto', 'required']),
      tools: z.array(namedFunction).min(1),
    }),
  ]),
);

const formatSchema = z.discriminatedUnion('type', [
  z.strictObject({ type: z.literal('text') }),
  z.strictObject({ type: z.literal('json_object') }),
  z.strictObject({
    type: z.literal('json_schema'),
    name: z.string().min(1),
    schema: z.record(z.string(), z.unknown()),
    description: z.string().nullish(),
    strict: z.boolean().nullish(),
  }),
]);

const absent = (error: string) => z.undefined({ error }).optional();

/** The part of OpenAI's Responses request that a chat completion can express. */
export const responsesRequestSchema = z.strictObject({
  previous_response_id: absent('has no equivalent in chat completions: send the earlier items in input'),
  conversation: absent('has no equivalent in chat completions: send its items in input'),
  prompt: absent('has no equivalent in chat completions: send the text of the prompt in input'),
  background: z
    .literal(false, { error: 'must not be true: a job runs in the background by itself' })
    .optional(),
  input: inputSchema,
  instructions: z.string().optional(),
  max_output_tokens: z.int().min(1).optional(),
  temperature: z.number().min(0).max(2).optional(),
  top_p: z.number().min(0).max(1).optional(),
  top_logprobs: z.literal(0, { error: 'has no equivalent in a translated answer' }).optional(),
  tools: z.array(toolSchema).optional(),
  tool_choice: toolChoiceSchema.optional(),
  parallel_tool_calls: z.boolean().optional(),
  reasoning: z
    .strictObject({
      effort: z.enum(['none', 'minimal', 'low', 'medium', 'high', 'xhigh', 'max']).nullish(),
      // summaries of thoughts accompany the answer; without thoughts there are none
      summary: z.unknown().optional(),
      generate_summary: z.unknown().optional(),
    })
    .optional(),
  text: z
    .strictObject({
      format: formatSchema.nullish(),
      verbosity: z.enum(['low', 'medium', 'high']).nullish(),
    })
    .optional(),
  /** More of what the vendor's tools and thoughts would bring; without them there is nothing to include. */
  include: z
    .array(
      z.string().refine((what) => what !== 'message.output_text.logprobs', {
        error: 'has no equivalent in a translated answer',
      }),
    )
    .optional(),
  user: z.string().optional(),
});
export type ResponsesBody = z.infer<typeof responsesRequestSchema>;
export type ResponsesToolChoice = z.infer<typeof toolChoiceSchema>;

/** Transport, bookkeeping, limits of tools the vendor runs, and what to do with an input that is too long. */
export const IGNORED_RESPONSES_FIELDS: ReadonlySet<string> = new Set([
  'max_tool_calls',
  'metadata',
  'model',
  'prompt_cache_key',
  'prompt_cache_options',
  'prompt_cache_retention',
  'safety_identifier',
  'service_tier',
  'store',
  'stream',
  'stream_options',
  'truncation',
]);
