import type { BackendView, JobView } from './snapshot.ts';

/** What a backend holds while a plan is being made: the snapshot's figures and what the plan has given it since. */
export interface Holding {
  readonly held: number;
  readonly heldTokens: number;
}

export const tokensOf = (job: JobView): number => job.inputTokens + job.outputTokens;

export const holdingOf = (backend: BackendView): Holding => ({
  held: backend.held,
  heldTokens: backend.heldTokens,
});

export const addTo = (holding: Holding, job: JobView): Holding => ({
  held: holding.held + 1,
  heldTokens: holding.heldTokens + tokensOf(job),
});
