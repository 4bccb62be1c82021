import type { LastingFilter } from './filter.ts';

/** The backend answers at the endpoint the job names. */
export const servesEndpoint: LastingFilter<'CAPABILITY'> = {
  code: 'CAPABILITY',
  scope: 'job',
  passes: 'never',
  wantOfRoom: false,
  refuses: (job, backend) =>
    backend.endpoints.includes(job.endpoint) ? undefined : `does not serve ${job.endpoint}`,
};
