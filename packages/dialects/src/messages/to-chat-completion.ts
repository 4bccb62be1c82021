import type { Anthropic } from '@anthropic-ai/sdk';
import type { EpochMs, JsonObject, Usage } from '@spillway/core';
import type { MessageAnswer, TextBlock, ToolUseBlock } from './message-answer.ts';

/** Messages → chat completion. Thinking blocks have no place there and are left out. */
export function toChatCompletion(answer: MessageAnswer, usage: Usage, nowMs: EpochMs): JsonObject {
  const text = answer.content
    .filter((block): block is TextBlock => block.type === 'text')
    .map((block) => block.text)
    .join('');
  const toolCalls = answer.content
    .filter((block): block is ToolUseBlock => block.type === 'tool_use')
    .map(({ id, name, input }) => ({
      id,
      type: 'function',
      function: { name, arguments: JSON.stringify(input ?? {}) },
    }));
  return {
    id: answer.id,
    object: 'chat.completion',
    created: Math.floor(nowMs / 1000),
    model: answer.model,
    choices: [
      {
        index: 0,
        message: {
          role: 'assistant',
          content: text === '' && toolCalls.length > 0 ? null : text,
          refusal: null,
          ...(toolCalls.length > 0 && { tool_calls: toolCalls }),
        },
        logprobs: null,
        finish_reason: toFinishReason(answer.stop_reason),
      },
    ],
    usage: {
      prompt_tokens: usage.inputTokens,
      completion_tokens: usage.outputTokens,
      total_tokens: usage.inputTokens + usage.outputTokens,
      prompt_tokens_details: { cached_tokens: usage.cachedInputTokens },
    },
  };
}

type FinishReason = 'stop' | 'length' | 'tool_calls' | 'content_filter';

const FINISH_REASON = {
  end_turn: 'stop',
  stop_sequence: 'stop',
  max_tokens: 'length',
  model_context_window_exceeded: 'length',
  tool_use: 'tool_calls',
  refusal: 'content_filter',
  // only server tools pause, and we offer none
  pause_turn: 'stop',
} as const satisfies Record<Anthropic.StopReason, FinishReason>;

const toFinishReason = (stopReason: string | null): FinishReason =>
  stopReason !== null && Object.hasOwn(FINISH_REASON, stopReason)
    ? FINISH_REASON[stopReason as Anthropic.StopReason]
    : 'stop';
