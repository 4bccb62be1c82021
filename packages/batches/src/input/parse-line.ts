import { type Endpoint, err, type JsonObject, ok, type Result } from '@spillway/core';
import { checkMessageLine } from './check-message-line.ts';
import { checkMessageParams } from './check-message-params.ts';
import { checkOpenAiLine } from './check-openai-line.ts';
import { parseJsonText } from './parse-json-line.ts';

/** A line as a job wants it. */
export interface ParsedLine {
  readonly customId: string;
  readonly endpoint: Endpoint;
  readonly request: JsonObject;
}

/** The failure of a line that becomes no job. */
export interface UnusableLine {
  /** Undefined when not even that could be read. */
  readonly customId: string | undefined;
  readonly code: 'invalid-request';
  readonly detail: string;
}

/** Reads one line for feeding. What an Anthropic request holds is judged here and not before, as their API does. */
export function parseLine(face: 'openai' | 'anthropic', text: string): Result<ParsedLine, UnusableLine> {
  const value = parseJsonText(text);
  if (!value.ok) return unusable(undefined, value.error.message);
  return face === 'openai' ? parseOpenAiLine(value.value) : parseMessageLine(value.value);
}

function parseOpenAiLine(value: JsonObject): Result<ParsedLine, UnusableLine> {
  const { customId, endpoint, body, mistakes } = checkOpenAiLine(value, undefined);
  if (mistakes.length > 0 || customId === undefined || endpoint === undefined || body === undefined) {
    return unusable(customId, mistakes[0]?.message ?? 'the line cannot be read');
  }
  return ok({ customId, endpoint, request: body });
}

function parseMessageLine(value: JsonObject): Result<ParsedLine, UnusableLine> {
  const line = checkMessageLine(value);
  if (line.kind === 'mistake')
    return unusable(undefined, `${line.mistake.param ?? ''}: ${line.mistake.message}`);
  const { customId, params } = line;
  const wrong = checkMessageParams(params);
  return wrong === undefined
    ? ok({ customId, endpoint: '/v1/messages', request: params })
    : unusable(customId, wrong);
}

const unusable = (customId: string | undefined, detail: string) =>
  err({ customId, code: 'invalid-request', detail } as const);
