import type { BatchId, JsonObject, LineOutcome } from '@spillway/core';
import { failureFaces } from './failure-faces.ts';
import { batchRequestId, requestId } from './line-ids.ts';

/** A line without its line end, and the file of the batch it belongs in. */
export interface OpenAiResult {
  readonly file: 'output' | 'errors';
  readonly line: string;
}

/** Every outcome as OpenAI writes it: what completed goes into the output file, all else into the error file. */
export function renderOpenAiLine(batchId: BatchId, outcome: LineOutcome): OpenAiResult {
  const { response, error } = toAnswer(batchId, outcome);
  const line = {
    id: batchRequestId(batchId, outcome.line),
    custom_id: outcome.customId,
    response,
    error,
  };
  return { file: outcome.outcome === 'completed' ? 'output' : 'errors', line: JSON.stringify(line) };
}

interface Answer {
  readonly response: {
    readonly status_code: number;
    readonly request_id: string;
    readonly body: JsonObject;
  } | null;
  readonly error: { readonly code: string; readonly message: string } | null;
}

function toAnswer(batchId: BatchId, outcome: LineOutcome): Answer {
  const respond = (status: number, body: JsonObject): Answer => ({
    response: { status_code: status, request_id: requestId(batchId, outcome), body },
    error: null,
  });
  switch (outcome.outcome) {
    case 'completed':
      return respond(outcome.statusCode ?? 200, outcome.body ?? {});
    case 'failed': {
      const { openAi, message } = failureFaces(outcome);
      if (openAi.kind === 'error') return { response: null, error: { code: openAi.code, message } };
      const { type } = openAi;
      return respond(openAi.status, { error: { message, type, param: null, code: openAi.code } });
    }
    case 'cancelled':
      return { response: null, error: CANCELLED };
    case 'expired':
      return { response: null, error: EXPIRED };
  }
}

const CANCELLED = {
  code: 'batch_cancelled',
  message: 'This request was not executed because the batch was cancelled.',
};
const EXPIRED = {
  code: 'batch_expired',
  message: 'This request could not be executed before the completion window expired.',
};
