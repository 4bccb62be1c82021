import { couldRun } from './filters/filters.ts';
import { qualityOf } from './model-quality.ts';
import type { SchedulingPolicy } from './policy.ts';
import type { BackendView, JobView } from './snapshot.ts';
import { rulesOut } from './strategy.ts';

interface Group {
  /** The models that may serve the job, best first. */
  readonly models: readonly string[];
  readonly policy: SchedulingPolicy;
}

/** Whether a backend that serves a model of the group could take the job on a good day, were it idle and well. */
export function couldServe(job: JobView, backend: BackendView, { models, policy }: Group): boolean {
  const model = servedModel(models, backend);
  if (model === undefined || !couldRun(job, backend)) return false;
  if (rulesOut(policy.strategies[job.strategy], backend.location)) return false;
  return job.minQuality === undefined || qualityOf(policy, models, model) >= job.minQuality;
}

/** Whether one of them could: replicas are alike, so the first one mostly answers. */
export function anyCouldServe(job: JobView, backends: readonly BackendView[], group: Group): boolean {
  for (const backend of backends) if (couldServe(job, backend, group)) return true;
  return false;
}

/** The best of the models that the backend serves. */
export function servedModel(models: readonly string[], backend: BackendView): string | undefined {
  for (const model of models) if (backend.models.includes(model)) return model;
  return undefined;
}
