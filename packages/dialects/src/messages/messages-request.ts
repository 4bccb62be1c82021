import { z } from 'zod';
import { textBlocks, turnSchema } from './message-blocks.ts';

const OWN_TOOLS_ONLY = 'must be a tool of your own: one that the vendor runs has no equivalent';
const toolSchema = z.strictObject({
  type: z.literal('custom', { error: OWN_TOOLS_ONLY }).nullish(),
  name: z.string().min(1),
  description: z.string().nullish(),
  input_schema: z.looseObject({ type: z.literal('object') }),
  strict: z.boolean().nullish(),
  cache_control: z.unknown().optional(),
  eager_input_streaming: z.unknown().optional(),
  defer_loading: z.literal(false).optional(),
  allowed_callers: z.array(z.literal('direct')).optional(),
});
export type MessagesTool = z.infer<typeof toolSchema>;

const parallel = { disable_parallel_tool_use: z.boolean().optional() };
const toolChoiceSchema = z.discriminatedUnion('type', [
  z.strictObject({ type: z.literal('auto'), ...parallel }),
  z.strictObject({ type: z.literal('any'), ...parallel }),
  z.strictObject({ type: z.literal('tool'), name: z.string().min(1), ...parallel }),
  z.strictObject({ type: z.literal('none') }),
]);
export type MessagesToolChoice = z.infer<typeof toolChoiceSchema>;

const formatSchema = z.strictObject({
  type: z.literal('json_schema'),
  schema: z.record(z.string(), z.unknown()),
});

/** The part of Anthropic's Messages request that a chat completion can express. */
export const messagesRequestSchema = z.strictObject({
  messages: z
    .array(turnSchema)
    .min(1)
    .refine((turns) => turns.at(-1)?.role !== 'assistant', {
      error: 'must not end with words of the assistant to go on from: chat completions begin a new answer',
    }),
  /** Required there, so required here. */
  max_tokens: z.int().min(1),
  system: textBlocks.optional(),
  temperature: z.number().min(0).max(1).optional(),
  top_p: z.number().min(0).max(1).optional(),
  top_k: z.int().min(0).optional(),
  stop_sequences: z.array(z.string()).optional(),
  tools: z.array(toolSchema).optional(),
  tool_choice: toolChoiceSchema.optional(),
  thinking: z
    .discriminatedUnion(
      'type',
      [
        z.object({ type: z.literal('disabled') }),
        // whether to think is left to the model, as it is in a chat
        z.object({ type: z.literal('adaptive') }),
      ],
      { error: 'a budget for thinking has no equivalent in chat completions; output_config.effort has' },
    )
    .optional(),
  output_config: z
    .strictObject({
      effort: z.enum(['low', 'medium', 'high', 'xhigh', 'max']).nullish(),
      format: formatSchema.nullish(),
    })
    .optional(),
  /** The older place of `output_config.format`. */
  output_format: formatSchema.optional(),
  metadata: z.object({ user_id: z.string().nullish() }).optional(),
  mcp_servers: z.array(z.never({ error: 'servers of tools have no equivalent' })).optional(),
});
export type MessagesBody = z.infer<typeof messagesRequestSchema>;

/** Transport, bookkeeping, and hints that do not bear on the text of the answer. */
export const IGNORED_MESSAGES_FIELDS: ReadonlySet<string> = new Set([
  'betas',
  'cache_control',
  'diagnostics',
  'model',
  'service_tier',
  'speed',
  'stream',
  'user_profile_id',
  'workspace_id',
]);
