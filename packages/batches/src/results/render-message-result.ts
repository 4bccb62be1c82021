import type { BatchId, LineOutcome } from '@spillway/core';
import { failureFaces } from './failure-faces.ts';
import { requestId } from './line-ids.ts';

/** An outcome as a result line of an Anthropic message batch, without its line end. */
export const renderMessageResult = (batchId: BatchId, outcome: LineOutcome): string =>
  JSON.stringify({ custom_id: outcome.customId, result: toResult(batchId, outcome) });

function toResult(batchId: BatchId, outcome: LineOutcome): Readonly<Record<string, unknown>> {
  switch (outcome.outcome) {
    case 'completed':
      return { type: 'succeeded', message: outcome.body ?? {} };
    case 'failed': {
      const { anthropic, message } = failureFaces(outcome);
      const error = { type: anthropic, message };
      return { type: 'errored', error: { type: 'error', error, request_id: requestId(batchId, outcome) } };
    }
    case 'cancelled':
      return { type: 'canceled' };
    case 'expired':
      return { type: 'expired' };
  }
}
