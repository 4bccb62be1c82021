import type { BackendId, TenantId } from '../id/name.ts';
import type { OutputLength } from '../prediction/output-length.ts';
import type { BackendView, BudgetView, JobView } from './snapshot.ts';

/** Estimates of a prompt's length are off by a few per cent: money is kept for the longer one. */
const ESTIMATE_MARGIN = 1.1;

/** USD to keep for a job in the cloud: a prompt a tenth longer, an answer as long as one in ten of its kind. */
export const estimateUsd = (
  job: JobView,
  { price }: BackendView,
  { p90 }: OutputLength,
): number | undefined =>
  price === undefined
    ? undefined
    : (job.inputTokens * ESTIMATE_MARGIN * price.inputUsdPerMillion + p90 * price.outputUsdPerMillion) / 1e6;

/** USD a job will cost: the price in the cloud, electricity on local hardware; undefined when nobody knows. */
export function expectedUsd(job: JobView, backend: BackendView, { mean }: OutputLength): number | undefined {
  const { location, price, energy } = backend;
  if (location === 'local') {
    if (energy === undefined) return 0;
    const joules = (job.inputTokens + mean) * energy.joulesPerToken;
    return (joules / JOULES_PER_KWH) * energy.usdPerKwh;
  }
  if (price === undefined) return undefined;
  return (job.inputTokens * price.inputUsdPerMillion + mean * price.outputUsdPerMillion) / 1e6;
}

const JOULES_PER_KWH = 3_600_000;

/** Whether a budget bounds what a tenant spends at a backend. */
export const appliesTo = (budget: BudgetView, backendId: BackendId, tenantId: TenantId): boolean =>
  (budget.backendId === undefined || budget.backendId === backendId) &&
  (budget.tenantId === undefined || budget.tenantId === tenantId);
