import type { Check } from './violation.ts';

/** Nothing is left in any queue, lane, lease or outbox, counters equal records, and no process outlives the platform. */
export const leftBehind: Check = ({ leftovers: { counts, drift, processes } }) =>
  [
    ...Object.entries(counts)
      .filter(([, count]) => count !== 0)
      .map(([name, count]) => `${name}: ${count}`),
    ...drift.map(({ kind, subject }) => `drift ${kind}: ${subject}`),
    ...processes.map((process) => `still running: ${process}`),
  ].map((detail) => ({ figure: 'left_behind', detail }));
