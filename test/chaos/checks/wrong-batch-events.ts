import type { BatchFacts } from '../history/batch-facts.ts';
import type { Check } from './violation.ts';
import { isStampedWrong } from './wrong-events.ts';

/** What reaches the webhook of a batch is signed, of its beginning or its end as it was, and stamped with the right time. */
export const wrongBatchEvents: Check = ({ batches, faults }) =>
  batches.flatMap((facts) =>
    facts.receipts.flatMap((receipt) => {
      const { type, signature, skewSeconds } = receipt;
      const wrong: string[] = [];
      if (signature === 'bad') wrong.push(`a ${type} event with a bad signature`);
      if (isOfAnother(facts, receipt)) wrong.push(`told ${type} of ${receipt.subjectId} (${receipt.status})`);
      if (isStampedWrong(receipt, faults)) wrong.push(`a ${type} event ${skewSeconds} s off`);
      return wrong.map((detail) => ({ figure: 'wrong_events', key: facts.plan.key, detail }) as const);
    }),
  );

function isOfAnother(
  { finals }: BatchFacts,
  { type, status, subjectId }: BatchFacts['receipts'][number],
): boolean {
  const [final] = finals;
  if (final === undefined) return false;
  const { id, status: end } = final.batch;
  const isKnown = end === 'failed' ? status === end : status === end || status === 'in_progress';
  return subjectId !== id || type !== `batch.${status}` || !isKnown;
}
