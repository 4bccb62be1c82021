import type { Check } from './violation.ts';

/** The lines and counts of a batch never disagree when it is finalised. */
export const unverified: Check = ({ unverified: found }) =>
  found.map((detail) => ({ figure: 'unverified', detail }));
