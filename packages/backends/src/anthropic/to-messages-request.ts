import type { Anthropic } from '@anthropic-ai/sdk';
import { err, ok, type JsonObject, type Result } from '@spillway/core';
import type { z } from 'zod';
import { chatRequestSchema, IGNORED_FIELDS, type ChatRequest } from './chat-request.ts';
import { toSystem, toTurns } from './to-turns.ts';
import { toToolFields } from './to-tool-fields.ts';

/** Anthropic requires a limit where OpenAI does not. */
const DEFAULT_MAX_TOKENS = 4096;

export type MessagesRequest = Anthropic.MessageCreateParamsNonStreaming;

/** Why a request cannot be sent to Anthropic: the first field in the way, and what is wrong with it, without its value. */
export interface Untranslatable {
  readonly kind: 'untranslatable';
  readonly field: string;
  readonly problem: string;
}

/** Chat completions → Messages. Nothing that would change the answer is dropped: such a request is refused. */
export function toMessagesRequest(body: JsonObject, model: string): Result<MessagesRequest, Untranslatable> {
  const asked = Object.entries(body).filter(([field, value]) => !IGNORED_FIELDS.has(field) && value !== null);
  const parsed = chatRequestSchema.safeParse(Object.fromEntries(asked));
  return parsed.success ? ok(translate(parsed.data, model)) : err(firstIssue(parsed.error));
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

function firstIssue(error: z.ZodError): Untranslatable {
  const issue = error.issues[0];
  const path = [
    ...(issue?.path ?? []),
    ...(issue?.code === 'unrecognized_keys' ? issue.keys.slice(0, 1) : []),
  ];
  const problem = issue?.code === 'unrecognized_keys' ? 'has no equivalent' : (issue?.message ?? 'invalid');
  return { kind: 'untranslatable', field: fieldName(path), problem };
}

/** `messages[0].content[1].type` */
const fieldName = (path: readonly PropertyKey[]): string =>
  path
    .map((step) => (typeof step === 'number' ? `[${step}]` : `.${String(step)}`))
    .join('')
    .replace(/^\./, '');
