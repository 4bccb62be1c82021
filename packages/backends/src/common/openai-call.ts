import {
  isJsonObject,
  type AttemptOutcome,
  type FailureReason,
  type InferenceRequest,
  type JsonObject,
  type Usage,
} from '@spillway/core';
import { APIConnectionError, APIConnectionTimeoutError, APIError, type OpenAI } from 'openai';
import { toReason, type FailureTable } from './http-failure.ts';
import { parseRefusal } from './refusal.ts';
import { runCall } from './run-call.ts';
import { toTransportFailure } from './transport-failure.ts';

/** What differs between those who speak OpenAI's HTTP interface. */
export interface OpenAiDialect {
  readonly toFailure: (error: unknown, request: InferenceRequest) => FailureReason | undefined;
  /** Undefined refuses the answer as malformed. */
  readonly toUsage: (body: JsonObject, model: string) => Usage | undefined;
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
      const answerKey = request.endpoint === '/v1/embeddings' ? 'data' : 'choices';
      if (!isJsonObject(data) || !isFilledList(data[answerKey]))
        return malformed(`the answer has no ${answerKey}`);
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

const bodyToSend = ({ body, model }: InferenceRequest): JsonObject => ({
  ...Object.fromEntries(
    Object.entries(body).filter(([field]) => field !== 'stream' && field !== 'stream_options'),
  ),
  model,
});

const isFilledList = (value: unknown): boolean => Array.isArray(value) && value.length > 0;

const malformed = (detail: string): AttemptOutcome => ({
  kind: 'failed',
  reason: { kind: 'malformed-answer', detail },
});
