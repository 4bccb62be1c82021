import { couldRun } from './filters/filters.ts';
import { qualityOf } from './model-quality.ts';
import type { SchedulingPolicy } from './policy.ts';
import type { BackendView, JobView } from './snapshot.ts';
import { rulesOut } from './strategy.ts';

/** Whether a backend that serves a model of the group could take the job on a good day, were it idle and well. */
export function couldServe(
  job: JobView,
  backend: BackendView,
  { models, policy }: { readonly models: readonly string[]; readonly policy: SchedulingPolicy },
): boolean {
  const model = models.find((name) => backend.models.includes(name));
  if (model === undefined || !couldRun(job, backend)) return false;
  if (rulesOut(policy.strategies[job.strategy], backend.location)) return false;
  return job.minQuality === undefined || qualityOf(policy, models, model) >= job.minQuality;
}
