import type { Anthropic } from '@anthropic-ai/sdk';
import { ok, type JsonObject, type Result } from '@spillway/core';
import { chatRequestSchema, IGNORED_FIELDS, type ChatRequest } from '../chat/chat-request.ts';
import { readTranslatable, type Untranslatable } from '../untranslatable.ts';
import { toSystem, toTurns } from './to-turns.ts';
import { toToolFields } from './to-tool-fields.ts';

/** Anthropic requires a limit where OpenAI does not. */
const DEFAULT_MAX_TOKENS = 4096;

export type MessagesRequest = Anthropic.MessageCreateParamsNonStreaming;

/** Chat completions → Messages. Nothing that would change the answer is dropped: such a request is refused. */
export function toMessagesRequest(body: JsonObject, model: string): Result<MessagesRequest, Untranslatable> {
  const read = readTranslatable(body, {
    schema: chatRequestSchema,
    ignored: IGNORED_FIELDS,
    into: 'Anthropic’s Messages',
  });
  return read.ok ? ok(translate(read.value, model)) : read;
}

function translate(chat: ChatRequest, model: string): MessagesRequest {
  const system = toSystem(chat.messages);
  return {
    model,
    max_tokens: chat.max_completion_tokens ?? chat.max_tokens ?? DEFAULT_MAX_TOKENS,
    messages: toTurns(chat.messages),
    ...(system !== '' && { system }),
    ...(chat.temperature !== undefined && { temperature: chat.temperature }),
    ...(chat.top_p !== undefined && { top_p: chat.top_p }),
    ...(chat.top_k !== undefined && { top_k: chat.top_k }),
    ...(chat.stop !== undefined && { stop_sequences: chat.stop }),
    ...(chat.user !== undefined && { metadata: { user_id: chat.user } }),
    ...toToolFields(chat),
    ...toOutputConfig(chat),
  };
}

function toOutputConfig(chat: ChatRequest): Pick<MessagesRequest, 'output_config'> {
  const schema =
    chat.response_format?.type === 'json_schema' ? chat.response_format.json_schema.schema : undefined;
  if (schema === undefined && chat.reasoning_effort === undefined) return {};
  return {
    output_config: {
      ...(schema !== undefined && { format: { type: 'json_schema', schema } }),
      ...(chat.reasoning_effort !== undefined && { effort: chat.reasoning_effort }),
    },
  };
}
