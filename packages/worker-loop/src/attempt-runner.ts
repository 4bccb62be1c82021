import { DEFAULT_RETRY_POLICY } from '@spillway/core';
import {
  type Claim,
  isStoreUnavailable,
  type ServedBy,
  type Settlement,
  type SettleReply,
} from '@spillway/redis';
import { wait } from '@spillway/service-kit';
import { judgeAttempt } from './judge-attempt.ts';
import { observeErrors } from './observe-errors.ts';
import { type Breach, runToEnd } from './run-to-end.ts';
import type { RunningAttempts } from './running-attempts.ts';
import { type AttemptEnd, decideSettlement } from './settlement.ts';
import type { WorkerLoopOptions } from './worker-loop-options.ts';

/** While the store cannot take the end of an attempt, it is offered this often, and no longer than that. */
const SETTLE_AGAIN_MS = 500;
const SETTLE_FOR_MS = 60_000;

/** Neither call rejects: what cannot be written is logged, and the store takes the job back from a worker that does not know it. */
export interface AttemptRunner {
  /** Run → settle. */
  run(claim: Claim): Promise<void>;
  /** Puts a job back that was claimed and is not begun. */
  giveBack(claim: Claim): Promise<void>;
}

/** @param stopped aborts when the worker is gone: nothing is waited for any more */
export function createAttemptRunner(
  options: WorkerLoopOptions,
  running: RunningAttempts,
  stopped: AbortSignal,
): AttemptRunner {
  const { store, backendId, location, logger, metrics, random } = options;

  const attempt = async (claim: Claim): Promise<void> => {
    const startedAt = performance.now();
    metrics.running.inc({ backend: backendId });
    try {
      using entry = running.begin(claim);
      const outcome = await runToEnd(
        (signal) => options.run(claim, signal),
        entry.signal,
        (breach) => reportBreach(claim, breach),
      );
      const end = {
        outcome,
        stopped: entry.stopped(),
        endedAtMs: claim.startedAtMs + Math.ceil(performance.now() - startedAt),
      };
      const judgement = judgeAttempt(end);
      if (judgement !== undefined) options.onJudged?.(judgement);
      const settlement = decideSettlement(claim, end, servedBy(claim), DEFAULT_RETRY_POLICY, random());
      const reply = settlement && (await settle(claim, settlement));
      report(claim, end, settlement?.kind ?? 'lost', reply, performance.now() - startedAt);
    } finally {
      metrics.running.dec({ backend: backendId });
    }
  };

  const servedBy = ({ model }: Claim): ServedBy => {
    const { simulated } = options.describe().descriptor;
    return { backend: backendId, location, model, simulated };
  };

  const settle = async ({ lease }: Claim, settlement: Settlement): Promise<SettleReply> => {
    const untilMs = performance.now() + SETTLE_FOR_MS;
    for (;;) {
      try {
        return await store.settle(lease, settlement);
      } catch (error) {
        // An answer has been paid for by now: a store that is full or failing over gets it as soon as it can take it.
        if (!isStoreUnavailable(error) || performance.now() >= untilMs) throw error;
        if ((await wait(SETTLE_AGAIN_MS, stopped)) === 'aborted') throw error;
      }
    }
  };

  const report = (
    claim: Claim,
    { outcome, endedAtMs }: AttemptEnd,
    settlement: string,
    reply: SettleReply | undefined,
    elapsedMs: number,
  ): void => {
    const settled = reply?.kind === 'settled';
    const failure = outcome.kind === 'failed' ? outcome.reason : undefined;
    metrics.attempts.inc({ backend: backendId, outcome: settled ? settlement : 'lost' });
    metrics.seconds.observe({ backend: backendId }, elapsedMs / 1000);
    if (settled && outcome.kind === 'completed')
      observeErrors(metrics, backendId, claim, endedAtMs, outcome.usage.outputTokens);
    if (failure?.kind === 'privacy-violation-blocked') metrics.privacyBlocks.inc({ stage: 'backend' });
    logger.info({
      event: 'attempt.finished',
      ...fieldsOf(claim),
      settlement,
      settled,
      durationMs: Math.round(elapsedMs),
      ...(outcome.kind === 'completed' && { usage: outcome.usage }),
      ...(failure !== undefined && { failure: failure.kind, detail: failure.detail }),
    });
  };

  const reportBreach = (claim: Claim, breach: Breach): void => {
    logger.error({
      event: 'adapter.failed',
      ...fieldsOf(claim),
      breach: breach.kind,
      ...(breach.kind === 'rejected' && originOf(breach.error)),
    });
  };

  const fieldsOf = ({ lease, attempt: number, model }: Claim) => ({
    job: lease.jobId,
    attempt: number,
    fence: lease.fence,
    backend: backendId,
    model,
  });

  const surely = async (claim: Claim, task: () => Promise<unknown>): Promise<void> => {
    try {
      await task();
    } catch (error) {
      logger.error({ event: 'attempt.failed', ...fieldsOf(claim), error });
    }
  };
  return {
    run: (claim) => surely(claim, () => attempt(claim)),
    giveBack: (claim) => surely(claim, () => settle(claim, { kind: 'returned' })),
  };
}

/** Where an adapter threw, without its message: that may quote the prompt or the answer. */
function originOf(error: unknown): { readonly type: string; readonly frames: readonly string[] } {
  if (!(error instanceof Error)) return { type: typeof error, frames: [] };
  const frames = (error.stack ?? '').split('\n').filter((line) => /^\s+at /.test(line));
  return { type: error.name, frames: frames.map((frame) => frame.trim()) };
}
