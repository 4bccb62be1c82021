import { isTerminal } from '@spillway/core';
import type { Check } from './violation.ts';

/** A job that was accepted is known and has ended when all is over. */
export const lost: Check = ({ jobs }) =>
  jobs.flatMap(({ plan, accepted, finals, gone }) => {
    const ids = new Set(accepted.map(({ record }) => record.id));
    const unknown = [...ids].filter((id) => gone.includes(id) || finals.every((final) => final.id !== id));
    const unended = finals.filter(({ status }) => !isTerminal(status));
    return [
      ...unknown.map((id) => `${id} was accepted and is unknown`),
      ...unended.map(({ id, status }) => `${id} is still ${status}`),
    ].map((detail) => ({ figure: 'lost', key: plan.key, detail }) as const);
  });
