import { err, ok, type JsonObject, type Result } from '@spillway/core';
import { z } from 'zod';

const count = z.int().min(0).catch(0);
const usageSchema = z.object({
  prompt_tokens: count,
  completion_tokens: count,
  prompt_tokens_details: z.object({ cached_tokens: count }).catch({ cached_tokens: 0 }),
  completion_tokens_details: z.object({ reasoning_tokens: count }).catch({ reasoning_tokens: 0 }),
});
const NO_USAGE: z.infer<typeof usageSchema> = {
  prompt_tokens: 0,
  completion_tokens: 0,
  prompt_tokens_details: { cached_tokens: 0 },
  completion_tokens_details: { reasoning_tokens: 0 },
};

const choiceSchema = z.object({
  message: z.object({
    content: z.string().nullish(),
    refusal: z.string().nullish(),
    tool_calls: z
      .array(z.object({ id: z.string(), function: z.object({ name: z.string(), arguments: z.string() }) }))
      .nullish(),
  }),
  finish_reason: z.string().nullish(),
  /** vLLM's: the stop sequence that ended the answer, or the number of a token. */
  stop_reason: z.unknown().optional(),
});

const chatAnswerSchema = z.object({
  id: z.string(),
  created: z.number().catch(0),
  model: z.string(),
  choices: z.array(choiceSchema).min(1),
  usage: usageSchema.catch(NO_USAGE),
});

/** What we read of a chat completion: of several choices the first. */
export interface ChatAnswer {
  readonly id: string;
  /** Unix seconds. */
  readonly created: number;
  readonly model: string;
  readonly text: string;
  readonly refusal: string;
  readonly toolCalls: readonly ChatToolCall[];
  readonly end: 'stop' | 'length' | 'tool-calls' | 'content-filter';
  readonly stopReason: unknown;
  readonly usage: ChatUsage;
}

export interface ChatToolCall {
  readonly id: string;
  readonly name: string;
  /** JSON, if the model kept to it. */
  readonly arguments: string;
}

interface ChatUsage {
  /** The cached ones included. */
  readonly inputTokens: number;
  readonly cachedInputTokens: number;
  readonly outputTokens: number;
  readonly reasoningTokens: number;
}

/** The answer of a backend is not one in the dialect it was asked in. */
export interface MalformedAnswer {
  readonly detail: string;
}

/** Reads a chat completion of any engine; refuses one without a message. */
export function readChatAnswer(body: JsonObject): Result<ChatAnswer, MalformedAnswer> {
  const parsed = chatAnswerSchema.safeParse(body);
  const choice = parsed.data?.choices[0];
  if (parsed.data === undefined || choice === undefined)
    return err({ detail: 'the answer is not a chat completion' });
  const { id, created, model, usage } = parsed.data;
  const { content, refusal, tool_calls: calls } = choice.message;
  const toolCalls = (calls ?? []).map((call) => ({ id: call.id, ...call.function }));
  return ok({
    id,
    created,
    model,
    text: content ?? '',
    refusal: refusal ?? '',
    toolCalls,
    end: endOf(choice.finish_reason, toolCalls.length > 0),
    stopReason: choice.stop_reason,
    usage: {
      inputTokens: usage.prompt_tokens,
      cachedInputTokens: Math.min(usage.prompt_tokens_details.cached_tokens, usage.prompt_tokens),
      outputTokens: usage.completion_tokens,
      reasoningTokens: usage.completion_tokens_details.reasoning_tokens,
    },
  });
}

/** Some engines say `stop` after a call they were made to write. */
function endOf(finishReason: string | null | undefined, calls: boolean): ChatAnswer['end'] {
  if (finishReason === 'length') return 'length';
  if (finishReason === 'content_filter') return 'content-filter';
  return calls ? 'tool-calls' : 'stop';
}
