import {
  type AttemptOutcome,
  type BackendId,
  DEFAULT_RETRY_POLICY,
  type JobId,
  type WorkerId,
} from '@spillway/core';
import type { DispatchHint } from '@spillway/contracts';
import type { BackendDescriptor, Claim, DispatchConsumer, ServedBy } from '@spillway/redis';
import { every, type Logger, wait } from '@spillway/service-kit';
import type { AttemptMetrics } from './attempt-metrics.ts';
import { createRunningAttempts } from './running-attempts.ts';
import { decideSettlement } from './settlement.ts';
import type { WorkerStore } from './worker-store.ts';

export interface WorkerLoopOptions {
  readonly workerId: WorkerId;
  readonly backendId: BackendId;
  readonly location: 'local' | 'cloud';
  /** What the backend offers now; asked with every heartbeat. */
  describe(): { readonly descriptor: BackendDescriptor; readonly slots: number };
  /** One attempt at the backend. Does not reject; ends soon after the signal aborts. */
  run(claim: Claim, signal: AbortSignal): Promise<AttemptOutcome>;
  readonly store: WorkerStore;
  readonly logger: Logger;
  readonly metrics: AttemptMetrics;
  /** A number in [0, 1), for backoff. */
  readonly random: () => number;
  /** How long a drain lets running attempts finish before it gives them back. */
  readonly drainMs: number;
}

const HEARTBEAT_MS = 1000;

/**
 * Claim → run → settle for one backend.
 *
 *     starting ──alive──▶ leasing ──drain──▶ draining ──all settled──▶ stopped
 *        │                 │   ▲               ▲
 *        └──engine taken──▶ standby ──drain────┘
 *                   owner died: leasing again
 *
 * Leasing takes hints; draining takes none, lets attempts finish for `drainMs` and gives back the rest. Heartbeats go
 * on until stopped, so that nobody rescues what is being finished.
 */
export class WorkerLoop {
  readonly #options: WorkerLoopOptions;
  readonly #running = createRunningAttempts();
  readonly #stopped = new AbortController();
  #mode: 'starting' | 'standby' | 'leasing' | 'draining' | 'stopped' = 'starting';
  #consumer: DispatchConsumer | undefined;
  #heartbeats: Promise<void> | undefined;

  constructor(options: WorkerLoopOptions) {
    this.#options = options;
  }

  /** Begins to heartbeat and, unless another worker drives this engine, to lease. */
  async start(): Promise<void> {
    await this.#options.store.onCancel((id: JobId) => this.#running.stop(id, 'lease-lost'));
    this.#heartbeats = every(
      HEARTBEAT_MS,
      this.#stopped.signal,
      () => this.#beat(),
      ({ error }) => this.#options.logger.warn({ event: 'heartbeat.failed', error }),
    );
  }

  /** Whether it leases now. */
  get leasing(): boolean {
    return this.#mode === 'leasing';
  }

  /** Stops leasing, finishes or gives back what is held, and says goodbye. May be called again. */
  async drain(): Promise<void> {
    if (this.#mode === 'draining' || this.#mode === 'stopped') return;
    const { store, workerId, backendId, location, drainMs } = this.#options;
    this.#setMode('draining');
    const finished = new AbortController();
    const consumed = (this.#consumer?.close() ?? Promise.resolve()).finally(() => finished.abort());
    if ((await wait(drainMs, finished.signal)) === 'elapsed') this.#running.stopAll('draining');
    await consumed;
    this.#stopped.abort();
    await this.#heartbeats;
    await store.leave(workerId, backendId, location === 'local');
    this.#setMode('stopped');
  }

  async #beat(): Promise<void> {
    const { store, workerId, backendId, location } = this.#options;
    const { descriptor, slots } = this.#options.describe();
    const draining = this.#mode === 'draining';
    const reply = await store.heartbeat({
      workerId,
      backendId,
      descriptor: { ...descriptor, draining },
      slots: draining ? 0 : slots,
      exclusive: location === 'local',
      leases: this.#running.leases(),
    });
    if (reply.kind === 'standby') {
      this.#standBy(reply.owner);
      return;
    }
    for (const jobId of reply.lost) this.#running.stop(jobId, 'lease-lost');
    if (this.#mode === 'starting' || this.#mode === 'standby') this.#lease(slots);
    this.#consumer?.setConcurrency(slots);
  }

  /** Another worker drives the engine. One that was leasing was taken for dead: what it ran is the other's now. */
  #standBy(owner: WorkerId): void {
    if (this.#mode === 'leasing') {
      this.#running.stopAll('lease-lost');
      this.#consumer?.close().catch((error: unknown) => {
        this.#options.logger.warn({ event: 'queue.failed', error });
      });
      this.#consumer = undefined;
    }
    if (this.#mode === 'leasing' || this.#mode === 'starting') this.#setMode('standby', { owner });
  }

  #lease(slots: number): void {
    const { store, backendId, logger } = this.#options;
    this.#consumer = store.consume({
      backendId,
      concurrency: slots,
      handle: (hint) => this.#handle(hint),
      onError: (error) => logger.warn({ event: 'queue.failed', error }),
    });
    this.#setMode('leasing');
  }

  async #handle(hint: DispatchHint): Promise<void> {
    const { store, workerId, backendId, location, metrics } = this.#options;
    const reply = await store.claim(hint.job, hint.fence, workerId, backendId, location);
    if (reply.kind === 'refused') {
      metrics.staleHints.inc({ backend: backendId, because: reply.because });
      if (reply.because === 'pinned') metrics.privacyBlocks.inc({ stage: 'claim' });
      return;
    }
    await this.#attempt(reply.claim);
  }

  async #attempt(claim: Claim): Promise<void> {
    const { backendId, location, metrics, random, store } = this.#options;
    const startedAt = performance.now();
    metrics.running.inc({ backend: backendId });
    try {
      using attempt = this.#running.begin(claim);
      const outcome = await this.#options.run(claim, attempt.signal);
      const stopped = attempt.stopped();
      const { descriptor } = this.#options.describe();
      const servedBy: ServedBy = {
        backend: backendId,
        location,
        model: claim.model,
        simulated: descriptor.simulated,
      };
      const elapsedMs = performance.now() - startedAt;
      const end = { outcome, stopped, endedAtMs: claim.startedAtMs + Math.ceil(elapsedMs) };
      const settlement = decideSettlement(claim, end, servedBy, DEFAULT_RETRY_POLICY, random());
      const reply = settlement === undefined ? undefined : await store.settle(claim.lease, settlement);
      this.#report(
        claim,
        outcome,
        settlement?.kind ?? stopped ?? 'lost',
        reply?.kind === 'settled',
        elapsedMs,
      );
    } finally {
      metrics.running.dec({ backend: backendId });
    }
  }

  #report(
    claim: Claim,
    outcome: AttemptOutcome,
    settlement: string,
    settled: boolean,
    elapsedMs: number,
  ): void {
    const { backendId, logger, metrics } = this.#options;
    const failure = outcome.kind === 'failed' ? outcome.reason : undefined;
    metrics.attempts.inc({ backend: backendId, outcome: settled ? settlement : 'lost' });
    metrics.seconds.observe({ backend: backendId }, elapsedMs / 1000);
    if (failure?.kind === 'privacy-violation-blocked') metrics.privacyBlocks.inc({ stage: 'backend' });
    logger.info({
      event: 'attempt.finished',
      job: claim.lease.jobId,
      attempt: claim.attempt,
      fence: claim.lease.fence,
      backend: backendId,
      model: claim.model,
      settlement,
      settled,
      durationMs: Math.round(elapsedMs),
      ...(outcome.kind === 'completed' && { usage: outcome.usage }),
      ...(failure !== undefined && { failure: failure.kind, detail: failure.detail }),
    });
  }

  #setMode(
    mode: 'standby' | 'leasing' | 'draining' | 'stopped',
    fields: Readonly<Record<string, string>> = {},
  ): void {
    this.#mode = mode;
    this.#options.logger.info({ event: 'worker.mode', mode, backend: this.#options.backendId, ...fields });
  }
}
