import type { BackendView, JobView } from './snapshot.ts';

export const tokensOf = (job: JobView): number => job.inputTokens + job.outputTokens;

/** The backend as it stands once it holds the job too: a plan goes on from there. */
export const withJob = (backend: BackendView, job: JobView): BackendView => ({
  ...backend,
  held: backend.held + 1,
  heldTokens: backend.heldTokens + tokensOf(job),
});
