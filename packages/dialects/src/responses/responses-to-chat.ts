import { assertNever, ok, type JsonObject, type Result } from '@spillway/core';
import type { OpenAI } from 'openai';
import { readTranslatable, type Untranslatable } from '../untranslatable.ts';
import { itemsToChat } from './items-to-chat.ts';
import {
  IGNORED_RESPONSES_FIELDS,
  responsesRequestSchema,
  type ResponsesBody,
  type ResponsesTool,
  type ResponsesToolChoice,
} from './responses-request.ts';

/**
 * Responses → chat completions, without `model` and `stream`; the limit is `max_tokens`. Refuses what a chat has no word
 * for: anything the vendor keeps (an earlier Response, a conversation, a file), the tools it runs, `background`.
 */
export function responsesToChat(body: JsonObject): Result<JsonObject, Untranslatable> {
  const read = readTranslatable(body, {
    schema: responsesRequestSchema,
    ignored: IGNORED_RESPONSES_FIELDS,
    into: 'chat completions',
  });
  return read.ok ? ok({ ...translate(read.value) }) : read;
}

type ChatFields = Omit<OpenAI.ChatCompletionCreateParamsNonStreaming, 'model'>;

function translate(body: ResponsesBody): ChatFields {
  return {
    messages: itemsToChat(body.instructions, body.input),
    ...(body.max_output_tokens !== undefined && { max_tokens: body.max_output_tokens }),
    ...(body.temperature !== undefined && { temperature: body.temperature }),
    ...(body.top_p !== undefined && { top_p: body.top_p }),
    ...(body.user !== undefined && { user: body.user }),
    ...toolFields(body),
    ...outputFields(body),
  };
}

function toolFields(body: ResponsesBody): Partial<ChatFields> {
  const { tools = [], tool_choice: choice, parallel_tool_calls: parallel } = body;
  if (tools.length === 0) return {};
  return {
    tools: allowed(tools, choice).map(toFunction),
    ...(choice !== undefined && { tool_choice: toChatChoice(choice) }),
    ...(parallel !== undefined && { parallel_tool_calls: parallel }),
  };
}

/** A chat that may use some of its tools only is told of no others. */
function allowed(
  tools: readonly ResponsesTool[],
  choice: ResponsesToolChoice | undefined,
): readonly ResponsesTool[] {
  if (choice?.type !== 'allowed_tools') return tools;
  const names = new Set(choice.tools.map(({ name }) => name));
  return tools.filter(({ name }) => names.has(name));
}

const toFunction = ({ name, description, parameters, strict }: ResponsesTool): OpenAI.ChatCompletionTool => ({
  type: 'function',
  function: {
    name,
    ...(typeof description === 'string' && { description }),
    ...(parameters !== null && parameters !== undefined && { parameters }),
    ...(typeof strict === 'boolean' && { strict }),
  },
});

function toChatChoice(choice: ResponsesToolChoice): OpenAI.ChatCompletionToolChoiceOption {
  switch (choice.type) {
    case 'mode':
    case 'allowed_tools':
      return choice.mode;
    case 'function':
      return { type: 'function', function: { name: choice.name } };
    default:
      return assertNever(choice);
  }
}

function outputFields({ reasoning, text }: ResponsesBody): Partial<ChatFields> {
  const effort = reasoning?.effort ?? undefined;
  const verbosity = text?.verbosity ?? undefined;
  const format = text?.format ?? undefined;
  return {
    ...(effort !== undefined && { reasoning_effort: effort }),
    ...(verbosity !== undefined && { verbosity }),
    ...(format !== undefined && format.type !== 'text' && { response_format: toChatFormat(format) }),
  };
}

type Format = NonNullable<NonNullable<ResponsesBody['text']>['format']>;

function toChatFormat(format: Exclude<Format, { type: 'text' }>): NonNullable<ChatFields['response_format']> {
  if (format.type === 'json_object') return { type: 'json_object' };
  const { name, schema, description, strict } = format;
  return {
    type: 'json_schema',
    json_schema: {
      name,
      schema,
      ...(typeof description === 'string' && { description }),
      ...(typeof strict === 'boolean' && { strict }),
    },
  };
}
