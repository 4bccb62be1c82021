import { isLastChance } from '../job/rescue.ts';
import type { BackendView, JobView, SchedulingPolicy } from './snapshot.ts';

export const tokensOf = (job: JobView): number => job.inputTokens + job.outputTokens;

/** The backend as it stands once it holds the job too: a plan goes on from there. */
export const withJob = (
  backend: BackendView,
  job: JobView,
  { maxRescues }: SchedulingPolicy,
): BackendView => ({
  ...backend,
  held: backend.held + 1,
  heldTokens: backend.heldTokens + tokensOf(job),
  suspects: backend.suspects + Number(isLastChance(job.rescues, maxRescues)),
});
