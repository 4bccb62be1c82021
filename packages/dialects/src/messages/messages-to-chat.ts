import { assertNever, ok, type JsonObject, type Result } from '@spillway/core';
import type { OpenAI } from 'openai';
import { readTranslatable, type Untranslatable } from '../untranslatable.ts';
import {
  IGNORED_MESSAGES_FIELDS,
  messagesRequestSchema,
  type MessagesBody,
  type MessagesTool,
  type MessagesToolChoice,
} from './messages-request.ts';
import { turnsToChat } from './turns-to-chat.ts';

/**
 * Messages → chat completions, without `model` and `stream`; the limit is `max_tokens`. Refuses what a chat has no word
 * for: the vendor's own tools, files, citations, a budget for thinking, an answer already begun.
 */
export function messagesToChat(body: JsonObject): Result<JsonObject, Untranslatable> {
  const read = readTranslatable(body, {
    schema: messagesRequestSchema,
    ignored: IGNORED_MESSAGES_FIELDS,
    into: 'chat completions',
  });
  return read.ok ? ok({ ...translate(read.value) }) : read;
}

type ChatFields = Omit<OpenAI.ChatCompletionCreateParamsNonStreaming, 'model'> & {
  /** Not OpenAI's, but of every local engine. */
  readonly top_k?: number;
};

function translate(body: MessagesBody): ChatFields {
  return {
    messages: turnsToChat(body.system ?? [], body.messages),
    max_tokens: body.max_tokens,
    ...(body.temperature !== undefined && { temperature: body.temperature }),
    ...(body.top_p !== undefined && { top_p: body.top_p }),
    ...(body.top_k !== undefined && body.top_k > 0 && { top_k: body.top_k }),
    ...(body.stop_sequences !== undefined && body.stop_sequences.length > 0 && { stop: body.stop_sequences }),
    ...(typeof body.metadata?.user_id === 'string' && { user: body.metadata.user_id }),
    ...toolFields(body),
    ...outputFields(body),
  };
}

function toolFields({ tools = [], tool_choice: choice }: MessagesBody): Partial<ChatFields> {
  if (tools.length === 0) return {};
  return {
    tools: tools.map(toFunction),
    ...(choice !== undefined && { tool_choice: toChatChoice(choice) }),
    ...(choice !== undefined &&
      choice.type !== 'none' &&
      choice.disable_parallel_tool_use === true && { parallel_tool_calls: false }),
  };
}

const toFunction = ({
  name,
  description,
  input_schema: parameters,
  strict,
}: MessagesTool): OpenAI.ChatCompletionTool => ({
  type: 'function',
  function: {
    name,
    parameters,
    ...(typeof description === 'string' && { description }),
    ...(strict === true && { strict }),
  },
});

function toChatChoice(choice: MessagesToolChoice): OpenAI.ChatCompletionToolChoiceOption {
  switch (choice.type) {
    case 'auto':
    case 'none':
      return choice.type;
    case 'any':
      return 'required';
    case 'tool':
      return { type: 'function', function: { name: choice.name } };
    default:
      return assertNever(choice);
  }
}

function outputFields({ output_config: output, output_format: older }: MessagesBody): Partial<ChatFields> {
  const format = output?.format ?? older;
  const effort = output?.effort ?? undefined;
  return {
    ...(effort !== undefined && { reasoning_effort: effort }),
    // chats want a name for what Anthropic leaves nameless, and promise the shape only when asked to
    ...(format !== undefined && {
      response_format: {
        type: 'json_schema',
        json_schema: { name: 'answer', schema: format.schema, strict: true },
      },
    }),
  };
}
