import type { JobBody } from '@spillway/contracts';
import type { Check } from './violation.ts';

/** The result of a completed job is the answer to its own input; a job that did not complete has none. */
export const wrongResult: Check = ({ jobs }) =>
  jobs.flatMap(({ plan, sightings, finals }) =>
    [...sightings.map(({ record }) => record), ...finals]
      .flatMap((record) => wrong(record, plan.digest))
      .slice(0, 1)
      .map((detail) => ({ figure: 'wrong_result', key: plan.key, detail }) as const),
  );

function wrong({ id, status, result }: JobBody, digest: string): readonly string[] {
  if (status !== 'completed') return result === null ? [] : [`${id} is ${status} and has a result`];
  if (result === null) return [`${id} completed without a result`];
  return JSON.stringify(result.body).includes(digest)
    ? []
    : [`the result of ${id} is not of its input ${digest}`];
}
