import { estimateUsd } from '../price.ts';
import type { Filter } from './filter.ts';

/** The job costs no more in the cloud than its client allows; a price nobody knows is too much. */
export const costCap: Filter<'COST_CAP'> = {
  code: 'COST_CAP',
  scope: 'job',
  passes: 'perhaps',
  wantOfRoom: false,
  refuses: (job, backend, { output }) => {
    if (job.maxCostUsd === undefined || backend.location === 'local') return undefined;
    const usd = estimateUsd(job, backend, output);
    if (usd === undefined) return 'its price is not known, and the job has a cap';
    return usd > job.maxCostUsd
      ? `would cost about $${usd.toFixed(6)}, the job allows $${job.maxCostUsd}`
      : undefined;
  },
};
