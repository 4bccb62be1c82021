import { isDeepStrictEqual } from 'node:util';
import { isTerminal } from '@spillway/core';
import type { JobFacts } from '../history/facts.ts';
import type { Check } from './violation.ts';

/** One job for a key; of one job one end, one attempt that completed, one event, and no change after its end. */
export const doubled: Check = ({ jobs }) =>
  jobs.flatMap((job) =>
    [
      ...severalJobs(job),
      ...severalEnds(job),
      ...severalCompleted(job),
      ...changed(job),
      ...severalEvents(job),
    ].map((detail) => ({ figure: 'doubled', key: job.plan.key, detail }) as const),
  );

function severalJobs({ sightings, finals }: JobFacts): readonly string[] {
  const ids = new Set([...sightings.map(({ record }) => record.id), ...finals.map(({ id }) => id)]);
  return ids.size > 1 ? [`one key has ${ids.size} jobs: ${[...ids].join(', ')}`] : [];
}

function severalEnds({ sightings, receipts, finals }: JobFacts): readonly string[] {
  const seen = [...sightings.map(({ record }) => record), ...finals].map(({ status }) => status);
  const told = receipts.map(({ type }) => type.replace('job.', ''));
  const ends = new Set([...seen.filter(isTerminal), ...told]);
  return ends.size > 1 ? [`more than one end: ${[...ends].join(', ')}`] : [];
}

const severalCompleted = ({ finals }: JobFacts): readonly string[] =>
  finals
    .map(({ id, attempts }) => ({
      id,
      count: attempts.filter(({ outcome }) => outcome === 'completed').length,
    }))
    .filter(({ count }) => count > 1)
    .map(({ id, count }) => `${count} attempts of ${id} completed`);

const changed = ({ sightings, finals }: JobFacts): readonly string[] =>
  finals.flatMap((final) =>
    sightings
      .filter(({ record }) => record.id === final.id && isTerminal(record.status))
      .filter(({ record }) => !isDeepStrictEqual(record, final))
      .slice(0, 1)
      .map(({ record }) => `${final.id} had ended as ${record.status} and changed afterwards`),
  );

function severalEvents({ receipts }: JobFacts): readonly string[] {
  const ids = new Set(receipts.map(({ eventId }) => eventId));
  return ids.size > 1 ? [`its end was told as ${ids.size} events: ${[...ids].join(', ')}`] : [];
}
