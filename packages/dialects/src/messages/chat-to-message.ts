import type { Anthropic } from '@anthropic-ai/sdk';
import { err, isJsonObject, ok, type JsonObject, type Result } from '@spillway/core';
import {
  readChatAnswer,
  type ChatAnswer,
  type ChatToolCall,
  type MalformedAnswer,
} from '../chat/chat-answer.ts';
import { derivedId } from '../derived-id.ts';
import { parseJson } from '../parse-json.ts';

/**
 * Chat completion → a whole Message, for the request it answers, in the dialect of Messages. Refuses an answer without
 * a message, and calls whose arguments are no JSON object: a client of Messages reads them as one.
 */
export function chatToMessage(
  completion: JsonObject,
  request: JsonObject,
): Result<JsonObject, MalformedAnswer> {
  const answer = readChatAnswer(completion);
  if (!answer.ok) return answer;
  const calls: Anthropic.ToolUseBlock[] = [];
  for (const call of answer.value.toolCalls) {
    const block = toToolUse(call, answer.value);
    if (block === undefined) return err({ detail: 'the arguments of a tool call are not a JSON object' });
    calls.push(block);
  }
  return ok({ ...toMessage(answer.value, calls, stopSequence(answer.value, request)) });
}

function toMessage(
  answer: ChatAnswer,
  calls: readonly Anthropic.ToolUseBlock[],
  stop: string | undefined,
): Anthropic.Message {
  const refused = answer.end === 'content-filter' || answer.refusal !== '';
  return {
    id: derivedId('msg', answer.id),
    type: 'message',
    role: 'assistant',
    model: answer.model,
    content: [...textBlocks(answer.text), ...textBlocks(answer.refusal), ...calls],
    stop_reason: refused ? 'refusal' : stop === undefined ? STOP_REASON[answer.end] : 'stop_sequence',
    stop_sequence: stop ?? null,
    stop_details: refused ? { type: 'refusal', category: null, explanation: null } : null,
    container: null,
    diagnostics: null,
    usage: toUsage(answer.usage),
  };
}

const STOP_REASON = {
  stop: 'end_turn',
  length: 'max_tokens',
  'tool-calls': 'tool_use',
  'content-filter': 'refusal',
} as const satisfies Record<ChatAnswer['end'], Anthropic.StopReason>;

const textBlocks = (text: string): Anthropic.TextBlock[] =>
  text === '' ? [] : [{ type: 'text', text, citations: null }];

/** A call cut off by the limit has no readable input; then it is what there is of it: nothing. */
function toToolUse(call: ChatToolCall, answer: ChatAnswer): Anthropic.ToolUseBlock | undefined {
  const parsed = parseJson(call.arguments === '' ? '{}' : call.arguments);
  const input = isJsonObject(parsed) ? parsed : answer.end === 'length' ? {} : undefined;
  if (input === undefined) return undefined;
  return { type: 'tool_use', id: call.id, name: call.name, input, caller: { type: 'direct' } };
}

/** vLLM tells which sequence ended the answer; a token that did, or an engine that does not tell, is an ordinary end. */
function stopSequence({ end, stopReason }: ChatAnswer, request: JsonObject): string | undefined {
  const asked = request['stop_sequences'];
  if (end !== 'stop' || typeof stopReason !== 'string' || !Array.isArray(asked)) return undefined;
  return asked.includes(stopReason) ? stopReason : undefined;
}

/** Anthropic counts cached tokens beside the input, chats inside it. */
const toUsage = ({
  inputTokens,
  cachedInputTokens,
  outputTokens,
  reasoningTokens,
}: ChatAnswer['usage']): Anthropic.Usage => ({
  input_tokens: inputTokens - cachedInputTokens,
  cache_creation_input_tokens: 0,
  cache_read_input_tokens: cachedInputTokens,
  output_tokens: outputTokens,
  output_tokens_details: { thinking_tokens: reasoningTokens },
  cache_creation: null,
  inference_geo: null,
  server_tool_use: null,
  service_tier: 'standard',
  speed: null,
});
