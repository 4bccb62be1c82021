import {
  type AttemptOutcome,
  decideRetry,
  decideRetryAfterCrash,
  type EpochMs,
  type FailureReason,
  type RetryPolicy,
} from '@spillway/core';
import type { BackendFault, Claim, ServedBy, Settlement } from '@spillway/redis';

/** Why an attempt was stopped before it ended by itself. */
export type StopCause = 'lease-lost' | 'deadline' | 'attempt-timeout' | 'draining';

export interface AttemptEnd {
  readonly outcome: AttemptOutcome;
  /** Set when we stopped the attempt; its outcome then says nothing about the backend. */
  readonly stopped: StopCause | undefined;
  /** By the clock of the claim. */
  readonly endedAtMs: EpochMs;
}

/** What to write of an ended attempt; undefined when the lease is gone and there is nothing left to write. */
export function decideSettlement(
  claim: Claim,
  end: AttemptEnd,
  servedBy: ServedBy,
  policy: RetryPolicy,
  jitter: number,
): Settlement | undefined {
  const { outcome, stopped } = end;
  // An answer that arrived is an answer, whatever was about to stop it: the fence decides whether it counts.
  if (outcome.kind === 'completed') {
    const { statusCode, body, usage } = outcome;
    return { kind: 'completed', statusCode, body, usage, servedBy };
  }
  switch (stopped) {
    case 'lease-lost':
      return undefined;
    case 'deadline':
      return { kind: 'expired' };
    case 'draining':
      return { kind: 'returned' };
    case 'attempt-timeout': {
      const detail = `no answer within the attempt's ${Math.round(claim.attemptTimeoutMs / 1000)} s`;
      return settleFailure(
        claim,
        { kind: 'backend-timeout', detail },
        end.endedAtMs,
        servedBy,
        policy,
        jitter,
      );
    }
    case undefined:
      return settleFailure(
        claim,
        outcome.kind === 'failed' ? outcome.reason : STOPPED_UNASKED,
        end.endedAtMs,
        servedBy,
        policy,
        jitter,
      );
  }
}

/** Counted as a failure, so that an adapter which does this does not run a job for ever. */
const STOPPED_UNASKED: FailureReason = {
  kind: 'backend-error',
  detail: 'the backend adapter stopped without being asked to',
};

function settleFailure(
  claim: Claim,
  reason: FailureReason,
  nowMs: EpochMs,
  { backend, location }: ServedBy,
  policy: RetryPolicy,
  jitter: number,
): Settlement {
  const backendFault = faultOf(reason);
  // Our own engine died with the job in its hands: counted with the deaths of workers, not with the failures.
  if (reason.kind === 'engine-lost' && location === 'local') {
    const again = decideRetryAfterCrash(claim.rescues + 1, claim.deadlineAtMs, policy, nowMs, jitter);
    return again.kind === 'retry'
      ? { kind: 'crashed', reason, availableAtMs: again.availableAtMs, backendFault }
      : { kind: 'failed', reason, backendFault };
  }
  const decision = decideRetry(reason, claim.failures + 1, claim.deadlineAtMs, policy, nowMs, jitter);
  if (decision.kind === 'give-up') return { kind: 'failed', reason, backendFault };
  const { availableAtMs, elsewhere } = decision;
  return { kind: 'retry', reason, availableAtMs, exclude: elsewhere ? backend : undefined, backendFault };
}

/**
 * Keys and money do not come back by themselves soon: look again in a minute. An engine that is being restarted is
 * found down by its worker within 3 s: until then no job shall use up its attempts on it.
 */
const COOL_FOR_MS = {
  credentials: 60_000,
  quota: 60_000,
  overloaded: 1000,
  unreachable: 3000,
  engineLost: 3000,
} as const;

/** What a failure says about the backend; one that is the job's own says nothing. */
function faultOf(reason: FailureReason): BackendFault {
  switch (reason.kind) {
    case 'backend-overloaded':
      // Asked to wait is not broken: it cools down, and its failure count stays.
      return { blamed: false, coolForMs: reason.retryAfterMs ?? COOL_FOR_MS.overloaded };
    case 'backend-refused-credentials':
      return { blamed: false, coolForMs: COOL_FOR_MS.credentials };
    case 'backend-quota-exhausted':
      return { blamed: false, coolForMs: COOL_FOR_MS.quota };
    case 'backend-unreachable':
      // Whoever watches the backend says that it is down, and when it is back; a row of failures would outlast that.
      return { blamed: false, coolForMs: COOL_FOR_MS.unreachable };
    case 'engine-lost':
      // One death breaks every attempt of the engine: counted apiece, they would read as a row of failures.
      return { blamed: false, coolForMs: COOL_FOR_MS.engineLost };
    case 'backend-error':
    case 'backend-timeout':
    case 'malformed-answer':
      return { blamed: true, coolForMs: 0 };
    case 'model-not-found':
    case 'unsupported-by-backend':
    case 'context-exceeded':
    case 'invalid-request':
    case 'privacy-violation-blocked':
    case 'worker-drained':
    case 'worker-lost':
    case 'unservable':
      return { blamed: false, coolForMs: 0 };
  }
}
