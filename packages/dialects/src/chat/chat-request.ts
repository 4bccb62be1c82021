import { z } from 'zod';
import { chatMessageSchema } from './chat-message.ts';
import { chatToolChoiceSchema, chatToolSchema } from './chat-tools.ts';

const responseFormatSchema = z.discriminatedUnion('type', [
  z.strictObject({ type: z.literal('text') }),
  z.strictObject({
    type: z.literal('json_schema'),
    json_schema: z.strictObject({
      name: z.string().optional(),
      description: z.string().nullish(),
      schema: z.record(z.string(), z.unknown()),
      strict: z.boolean().nullish(),
    }),
  }),
]);

const stopSequence = z
  .string()
  .refine((text) => text.trim() !== '', { error: 'must not be only white space' });

/**
 * The part of a chat-completions request that Anthropic's Messages API can express. Strict on purpose: a field that
 * is not here would change the answer, and the caller is told which one instead of getting another answer.
 */
export const chatRequestSchema = z.strictObject({
  messages: z
    .array(chatMessageSchema)
    .refine((messages) => messages.some(({ role }) => role !== 'system' && role !== 'developer'), {
      error: 'needs a message of a user or an assistant',
    }),
  max_tokens: z.int().min(1).optional(),
  max_completion_tokens: z.int().min(1).optional(),
  /** OpenAI's range ends at 2, Anthropic's at 1: above it there is no equal setting. */
  temperature: z.number().min(0).max(1).optional(),
  top_p: z.number().min(0).max(1).optional(),
  top_k: z.int().min(1).optional(),
  stop: z
    .preprocess((stop) => (typeof stop === 'string' ? [stop] : stop), z.array(stopSequence).max(16))
    .optional(),
  tools: z.array(chatToolSchema).optional(),
  tool_choice: chatToolChoiceSchema.optional(),
  parallel_tool_calls: z.boolean().optional(),
  response_format: responseFormatSchema.optional(),
  reasoning_effort: z.enum(['low', 'medium', 'high', 'xhigh', 'max']).optional(),
  user: z.string().optional(),
  // these have one value that asks for nothing, and no equivalent for any other
  n: z.literal(1).optional(),
  logprobs: z.literal(false).optional(),
  top_logprobs: z.literal(0).optional(),
  presence_penalty: z.literal(0).optional(),
  frequency_penalty: z.literal(0).optional(),
  logit_bias: z.strictObject({}).optional(),
  modalities: z.array(z.literal('text')).optional(),
});
export type ChatRequest = z.infer<typeof chatRequestSchema>;

/** Fields that do not bear on the text of the answer: transport, bookkeeping, and hints for an engine's scheduler. */
export const IGNORED_FIELDS: ReadonlySet<string> = new Set([
  'cache_salt',
  'metadata',
  'model',
  'priority',
  'prompt_cache_key',
  'prompt_cache_retention',
  'request_id',
  'safety_identifier',
  // best effort by OpenAI's own definition, so no promise is broken
  'seed',
  'service_tier',
  'session_id',
  'store',
  'stream',
  'stream_options',
]);
