import type { Plan } from './plan-result.ts';

/** `job number → backend`, in the order of assignment. */
export const given = ({ assignments }: Plan): readonly string[] =>
  assignments.map(({ job, backendId }) => `${Number(job.id.slice(4))} → ${backendId}`);

/** The numbers of held or rejected jobs. */
export const numbers = (held: Plan['holds']): readonly number[] =>
  held.map(({ job }) => Number(job.id.slice(4)));
