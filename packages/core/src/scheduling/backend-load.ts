import { isLastChance } from '../job/rescue.ts';
import type { EpochMs } from '../time.ts';
import type { JobView, BackendView } from './snapshot.ts';
import type { SchedulingPolicy } from './policy.ts';

/** A backend as it stands at one point of a plan: whatever the plan gives it makes another one of it. */
export interface BackendLoad extends BackendView {
  readonly prefillBusyUntilMs: EpochMs;
  readonly rateLimit: { readonly requestsLeft: number; readonly tokensLeft: number };
  /** Set when a job waits for room in its KV cache: what comes later in the plan may not take it. */
  readonly keptForEarlier: JobView['id'] | undefined;
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

/** The backend with one more job, whose prompt is computed until `prefilledAtMs`. */
export const withJob = (
  load: BackendLoad,
  job: JobView,
  reservedTokens: number,
  prefilledAtMs: EpochMs,
  { maxRescues }: SchedulingPolicy,
): BackendLoad => ({
  ...load,
  held: load.held + 1,
  heldTokens: load.heldTokens + reservedTokens,
  suspects: load.suspects + Number(isLastChance(job.rescues, maxRescues)),
  prefillBusyUntilMs: Math.max(load.prefillBusyUntilMs, prefilledAtMs),
  rateLimit: {
    requestsLeft: load.rateLimit.requestsLeft - 1,
    tokensLeft: load.rateLimit.tokensLeft - reservedTokens,
  },
});
