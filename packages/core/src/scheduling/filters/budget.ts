import { appliesTo, estimateUsd } from '../price.ts';
import type { Filter } from './filter.ts';

/** Every budget that bounds this spending has the estimate left, what this plan has promised taken off. */
export const budget: Filter<'BUDGET'> = {
  code: 'BUDGET',
  scope: 'job',
  passes: 'perhaps',
  wantOfRoom: false,
  refuses: (job, backend, { lane, output, budgets }) => {
    if (backend.location === 'local' || budgets.length === 0) return undefined;
    const usd = estimateUsd(job, backend, output);
    const short = budgets.find(
      (one) => appliesTo(one, backend.id, lane.tenantId) && (usd === undefined || usd > one.leftUsd),
    );
    if (short === undefined) return undefined;
    return usd === undefined
      ? `its price is not known, and budget ${short.name} bounds it`
      : `would cost about $${usd.toFixed(6)}, budget ${short.name} has $${short.leftUsd.toFixed(6)} left`;
  },
};
