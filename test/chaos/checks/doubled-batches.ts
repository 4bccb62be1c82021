import { isDeepStrictEqual } from 'node:util';
import { hasBatchEnded } from '@spillway/core';
import type { BatchFacts } from '../history/batch-facts.ts';
import type { Check } from './violation.ts';

/** One batch for a key; of one batch one end, one event that tells it, and no change after it. */
export const doubledBatches: Check = ({ batches }) =>
  batches.flatMap((facts) =>
    [...severalBatches(facts), ...severalEnds(facts), ...changed(facts), ...severalEvents(facts)].map(
      (detail) => ({ figure: 'doubled', key: facts.plan.key, detail }) as const,
    ),
  );

const seen = ({ sightings, finals }: BatchFacts) => [...sightings, ...finals].map(({ batch }) => batch);

function severalBatches(facts: BatchFacts): readonly string[] {
  const ids = new Set(seen(facts).map(({ id }) => id));
  return ids.size > 1 ? [`one key has ${ids.size} batches: ${[...ids].join(', ')}`] : [];
}

function severalEnds(facts: BatchFacts): readonly string[] {
  const ends = new Set(
    seen(facts)
      .map(({ status }) => status)
      .filter(hasBatchEnded),
  );
  return ends.size > 1 ? [`more than one end: ${[...ends].join(', ')}`] : [];
}

const changed = ({ sightings, finals }: BatchFacts): readonly string[] =>
  finals.flatMap((final) =>
    sightings
      .map(({ batch }) => batch)
      .filter(({ id, status }) => id === final.batch.id && hasBatchEnded(status))
      .filter((batch) => !isDeepStrictEqual(batch, final.batch))
      .slice(0, 1)
      .map(({ id, status }) => `${id} had ended as ${status} and changed afterwards`),
  );

/** `batch.in_progress` is no end. */
function severalEvents({ receipts }: BatchFacts): readonly string[] {
  const ids = new Set(
    receipts.filter(({ type }) => type !== 'batch.in_progress').map(({ eventId }) => eventId),
  );
  return ids.size > 1 ? [`its end was told as ${ids.size} events: ${[...ids].join(', ')}`] : [];
}
