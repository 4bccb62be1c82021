import type { LastingFilter } from './filter.ts';

/** The client ruled this kind of backend out. */
export const strategy: LastingFilter<'STRATEGY'> = {
  code: 'STRATEGY',
  scope: 'job',
  passes: 'never',
  wantOfRoom: false,
  refuses: (job, backend) => {
    if (job.strategy === 'self_hosted_only' && backend.location === 'cloud')
      return 'the job asks for self_hosted_only';
    if (job.strategy === 'cloud_only' && backend.location === 'local') return 'the job asks for cloud_only';
    return undefined;
  },
};
