import { rulesOut } from '../strategy.ts';
import type { Filter } from './filter.ts';

/** The client ruled this kind of backend out: a strategy that never uses the cloud, or nothing else. */
export const strategy: Filter<'STRATEGY'> = {
  code: 'STRATEGY',
  scope: 'job',
  passes: 'not-by-waiting',
  wantOfRoom: false,
  refuses: (job, { location }, { policy }) => {
    if (!rulesOut(policy.strategies[job.strategy], location)) return undefined;
    const use = location === 'cloud' ? 'never uses the cloud' : 'uses the cloud only';
    return `the job asks for ${job.strategy}, which ${use}`;
  },
};
