import { hasBatchEnded } from '@spillway/core';
import type { BatchFacts } from '../history/batch-facts.ts';
import type { Check } from './violation.ts';

/** The end of a batch reaches its webhook, and the receiver takes it, at least once. */
export const missedBatchEvents: Check = ({ batches }) =>
  batches
    .filter((facts) => awaitsBatchEvent(facts) && !hasBatchEvent(facts))
    .map(({ plan, finals }) => ({
      figure: 'missed_events',
      key: plan.key,
      detail: `batch.${finals[0]?.batch.status} of ${finals[0]?.batch.id} never reached its webhook`,
    }));

/** Whether the receiver should hear of this batch's end. */
export const awaitsBatchEvent = ({ plan, finals: [final] }: BatchFacts): boolean =>
  plan.hook !== undefined && final !== undefined && hasBatchEnded(final.batch.status);

/** Whether the receiver has taken the end of the batch. */
export const hasBatchEvent = ({ receipts, finals }: BatchFacts): boolean =>
  receipts.some(
    ({ type, signature, answered }) =>
      type === `batch.${finals[0]?.batch.status}` &&
      signature === 'good' &&
      answered >= 200 &&
      answered < 300,
  );
