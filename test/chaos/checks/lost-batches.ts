import { hasBatchEnded } from '@spillway/core';
import type { Check } from './violation.ts';

/** A batch that was accepted is known and has ended when all is over. */
export const lostBatches: Check = ({ batches }) =>
  batches.flatMap(({ plan, accepted, finals, gone }) => {
    const ids = new Set(accepted.map(({ batch }) => batch.id));
    const unknown = [...ids].filter(
      (id) => gone.includes(id) || finals.every(({ batch }) => batch.id !== id),
    );
    const unended = finals.filter(({ batch }) => !hasBatchEnded(batch.status));
    return [
      ...unknown.map((id) => `${id} was accepted and is unknown`),
      ...unended.map(({ batch }) => `${batch.id} is still ${batch.status}`),
    ].map((detail) => ({ figure: 'lost', key: plan.key, detail }) as const);
  });
