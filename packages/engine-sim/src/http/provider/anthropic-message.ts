import { randomUUID } from 'node:crypto';
import type { Answer } from '../../answers/answer.ts';

export interface AnthropicMessage {
  readonly id: string;
  readonly toolId: string;
  readonly model: string;
  readonly answer: Answer;
  /** The tool the answer calls; undefined for text. */
  readonly tool: string | undefined;
  readonly usage: AnthropicUsage;
}

/** Anthropic counts what was written to and read from the cache beside `inputTokens`, not inside. */
interface AnthropicUsage {
  readonly inputTokens: number;
  readonly cacheWriteTokens: number;
  readonly cacheReadTokens: number;
  readonly outputTokens: number;
}

export const newMessageIds = (): { readonly id: string; readonly toolId: string } => ({
  id: `msg_sim${randomUUID().replaceAll('-', '')}`,
  toolId: `toolu_sim${randomUUID().replaceAll('-', '')}`,
});

/** The whole message, as a request without `stream` gets it. */
export function messageJson(message: AnthropicMessage): object {
  const text = message.answer.pieces.join('');
  const content =
    message.tool === undefined
      ? { type: 'text', text, citations: null }
      : { type: 'tool_use', id: message.toolId, name: message.tool, input: toolInput(text) };
  return {
    ...frame(message, message.usage.outputTokens),
    content: [content],
    stop_reason: stopReason(message),
  };
}

/** The message as a stream begins with it: empty and not stopped. */
export const openingJson = (message: AnthropicMessage): object => ({
  ...frame(message, 1),
  content: [],
  stop_reason: null,
});

export const blockStart = ({ tool, toolId }: AnthropicMessage): object =>
  tool === undefined
    ? { type: 'text', text: '', citations: null }
    : { type: 'tool_use', id: toolId, name: tool, input: {} };

export const blockDelta = ({ tool }: AnthropicMessage, text: string): object =>
  tool === undefined ? { type: 'text_delta', text } : { type: 'input_json_delta', partial_json: text };

export function stopReason({ answer, tool }: AnthropicMessage): string {
  if (answer.finishReason === 'length') return 'max_tokens';
  return tool === undefined ? 'end_turn' : 'tool_use';
}

const frame = ({ id, model, usage }: AnthropicMessage, outputTokens: number): object => ({
  id,
  type: 'message',
  role: 'assistant',
  model,
  stop_sequence: null,
  usage: {
    input_tokens: usage.inputTokens,
    cache_creation_input_tokens: usage.cacheWriteTokens,
    cache_read_input_tokens: usage.cacheReadTokens,
    output_tokens: outputTokens,
    service_tier: 'standard',
  },
});

/** A call cut off by `max_tokens` has no readable input; the real service then gives what it has, often nothing. */
function toolInput(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return {};
  }
}
