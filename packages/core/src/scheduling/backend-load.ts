import { isLastChance } from '../job/rescue.ts';
import type { EpochMs } from '../time.ts';
import type { JobView, BackendView } from './snapshot.ts';
import type { SchedulingPolicy } from './policy.ts';

/** A backend as it stands while a plan is made: what it holds grows with each assignment. */
export interface BackendLoad extends BackendView {
  held: number;
  heldTokens: number;
  suspects: number;
  prefillBusyUntilMs: EpochMs;
  rateLimit: { requestsLeft: number; tokensLeft: number };
  /** Set when a job waits for room in its KV cache: what comes later in the plan may not take it. */
  keptForEarlier: JobView['id'] | undefined;
}

/** Figures of an engine that are too old to be believed halve its slots: some of what it holds may hang. */
export function openLoad(backend: BackendView, { telemetryStaleMs }: SchedulingPolicy): BackendLoad {
  const isStale = (backend.telemetryAgeMs ?? 0) > telemetryStaleMs;
  return {
    ...backend,
    slots: isStale ? Math.ceil(backend.slots / 2) : backend.slots,
    prefillBusyUntilMs: backend.prefillBusyUntilMs ?? 0,
    rateLimit: backend.rateLimit ?? { requestsLeft: Infinity, tokensLeft: Infinity },
    keptForEarlier: undefined,
  };
}

/** The backend is given the job, whose prompt is computed until `prefilledAtMs`. */
export function give(
  load: BackendLoad,
  job: JobView,
  reservedTokens: number,
  prefilledAtMs: EpochMs,
  { maxRescues }: SchedulingPolicy,
): void {
  load.held += 1;
  load.heldTokens += reservedTokens;
  load.suspects += Number(isLastChance(job.rescues, maxRescues));
  load.prefillBusyUntilMs = Math.max(load.prefillBusyUntilMs, prefilledAtMs);
  load.rateLimit = {
    requestsLeft: load.rateLimit.requestsLeft - 1,
    tokensLeft: load.rateLimit.tokensLeft - reservedTokens,
  };
}
