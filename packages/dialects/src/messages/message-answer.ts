import { z } from 'zod';

const count = z.int().min(0);
const textBlock = z.object({ type: z.literal('text'), text: z.string() });
const toolUseBlock = z.object({
  type: z.literal('tool_use'),
  id: z.string(),
  name: z.string(),
  input: z.unknown(),
});
/** Thinking and the like, which a chat completion has no place for. */
const otherBlock = z.object({
  type: z.string().refine((type) => type !== 'text' && type !== 'tool_use'),
});

/** What we read of Anthropic's answer. */
export const messageAnswerSchema = z.object({
  id: z.string(),
  model: z.string(),
  content: z.array(z.union([textBlock, toolUseBlock, otherBlock])),
  stop_reason: z.string().nullable(),
  usage: z.object({
    input_tokens: count,
    output_tokens: count,
    cache_read_input_tokens: count.nullish(),
    cache_creation_input_tokens: count.nullish(),
  }),
});
export type MessageAnswer = z.infer<typeof messageAnswerSchema>;
export type ToolUseBlock = z.infer<typeof toolUseBlock>;
export type TextBlock = z.infer<typeof textBlock>;
