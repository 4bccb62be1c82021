import type { Filter } from './filter.ts';

/** An attempt failed here and asked for another backend. Lifted when no other backend is left: see `evaluate.ts`. */
export const excludedAfterFailure: Filter<'EXCLUDED_AFTER_FAILURE'> = {
  code: 'EXCLUDED_AFTER_FAILURE',
  scope: 'job',
  passes: 'perhaps',
  wantOfRoom: false,
  refuses: (job, backend) =>
    job.excluded.includes(backend.id) ? 'an attempt failed here and asked for another backend' : undefined,
};
