import type { Filter } from './filter.ts';

/** A free slot: dispatched and running jobs together never pass the backend's limit. */
export const concurrency: Filter<'CONCURRENCY'> = {
  code: 'CONCURRENCY',
  scope: 'lane',
  passes: 'by-itself',
  wantOfRoom: true,
  refuses: (_job, { held, slots }) => (held < slots ? undefined : `holds ${held} of ${slots} jobs`),
};
