import {
  isJsonObject,
  type AttemptOutcome,
  type Endpoint,
  type FailureReason,
  type InferenceRequest,
  type JsonObject,
  type Usage,
} from '@spillway/core';
import { APIConnectionError, APIConnectionTimeoutError, APIError, type OpenAI } from 'openai';
import { bodyToSend } from './body-to-send.ts';
import { toReason, type FailureTable } from './http-failure.ts';
import { parseRefusal } from './refusal.ts';
import { runCall } from './run-call.ts';
import { toTransportFailure } from './transport-failure.ts';

/** What differs between those who speak OpenAI's HTTP interface. */
export interface OpenAiDialect {
  readonly toFailure: (error: unknown, request: InferenceRequest) => FailureReason | undefined;
  /** Undefined refuses the answer as malformed. */
  readonly toUsage: (body: JsonObject, model: string) => Usage | undefined;
  readonly onHeaders?: (headers: Headers, model: string) => void;
  /** A failure that came as an answer; undefined for an answer. */
  readonly failureIn?: (body: JsonObject, request: InferenceRequest) => FailureReason | undefined;
}

/** Sends one request through the official client, without streaming, and reads the answer. */
export async function callOpenAi(
  client: OpenAI,
  dialect: OpenAiDialect,
  request: InferenceRequest,
  signal: AbortSignal,
): Promise<AttemptOutcome> {
  return runCall(
    signal,
    async () => {
      const { data, response } = await client
        .post<unknown>(request.endpoint.replace('/v1', ''), { body: bodyToSend(request), signal })
        .withResponse();
      dialect.onHeaders?.(response.headers, request.model);
      const { key, filled } = ANSWER[request.endpoint];
      if (!isJsonObject(data) || !isList(data[key], filled)) return malformed(`the answer has no ${key}`);
      const reason = dialect.failureIn?.(data, request);
      if (reason !== undefined) return { kind: 'failed', reason };
      const usage = dialect.toUsage(data, request.model);
      if (usage === undefined) return malformed('the answer has no usage');
      return { kind: 'completed', statusCode: response.status, body: data, usage };
    },
    (error) => dialect.toFailure(error, request),
  );
}

/** A vendor's table applied to what the OpenAI client throws; undefined for an error that is none of the vendor's. */
export function toOpenAiFailure(
  table: FailureTable,
  error: unknown,
  request: InferenceRequest,
  nowMs: number,
): FailureReason | undefined {
  if (error instanceof APIError && error.status !== undefined && error.headers !== undefined) {
    return toReason(
      table,
      parseRefusal(error.status, error.error, error.message, error.headers),
      request,
      nowMs,
    );
  }
  const below = toTransportFailure(error);
  if (below !== undefined) return below;
  if (error instanceof APIConnectionTimeoutError) return { kind: 'backend-timeout', detail: 'no answer' };
  return error instanceof APIConnectionError
    ? { kind: 'backend-unreachable', detail: 'the connection broke' }
    : undefined;
}

/** Where an answer is. One that was cut off before its first word is a Response without output, and a Message without content. */
const ANSWER: Readonly<Record<Endpoint, { readonly key: string; readonly filled: boolean }>> = {
  '/v1/chat/completions': { key: 'choices', filled: true },
  '/v1/completions': { key: 'choices', filled: true },
  '/v1/embeddings': { key: 'data', filled: true },
  '/v1/responses': { key: 'output', filled: false },
  '/v1/messages': { key: 'content', filled: false },
};

const isList = (value: unknown, filled: boolean): boolean =>
  Array.isArray(value) && (!filled || value.length > 0);

const malformed = (detail: string): AttemptOutcome => ({
  kind: 'failed',
  reason: { kind: 'malformed-answer', detail },
});
