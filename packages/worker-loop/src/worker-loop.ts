import type { JobId, WorkerId } from '@spillway/core';
import type { Claim } from '@spillway/redis';
import { every, wait } from '@spillway/service-kit';
import { createAttemptRunner } from './attempt-runner.ts';
import { type Claiming, startClaiming } from './claiming.ts';
import { createRunningAttempts } from './running-attempts.ts';
import type { WorkerLoopOptions } from './worker-loop-options.ts';

const HEARTBEAT_MS = 1000;
/** An aborted attempt is left behind after a second, and its end is one round trip. */
const GIVE_BACK_MS = 1500;
/** The last round trips; a store that is away does not hold a worker back. */
const GOODBYE_MS = 500;

/**
 * Claim → run → settle for one backend.
 *
 *     starting ──alive──▶ leasing ──drain──▶ draining ──all settled──▶ stopped
 *        │                 │   ▲               ▲
 *        └──engine taken──▶ standby ──drain────┘
 *                   owner died: leasing again
 *
 * Leasing claims jobs; draining claims none, lets attempts finish for `drainMs` and gives back the rest. Heartbeats go
 * on until stopped, so that nobody rescues what is being finished.
 */
export class WorkerLoop {
  readonly #options: WorkerLoopOptions;
  readonly #running = createRunningAttempts();
  readonly #stopped = new AbortController();
  #mode: 'starting' | 'standby' | 'leasing' | 'draining' | 'stopped' = 'starting';
  #claiming: Claiming | undefined;
  /** Ends when what ran before a standby has ended. */
  #closing: Promise<unknown> = Promise.resolve();
  #heartbeats: Promise<void> | undefined;
  #deaf: (() => void)[] = [];
  #drained: Promise<void> | undefined;

  constructor(options: WorkerLoopOptions) {
    this.#options = options;
  }

  /** Begins to heartbeat and, unless another worker drives this engine, to lease. */
  async start(): Promise<void> {
    const { store, backendId } = this.#options;
    this.#deaf = [
      await store.onCancel((id: JobId) => this.#running.stop(id, 'lease-lost')),
      await store.onDispatched((id) => {
        if (id === backendId) this.#claiming?.wake();
      }),
    ];
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

  /** Stops leasing, finishes or gives back what is held, and says goodbye. Every call ends when that is done. */
  drain(): Promise<void> {
    this.#drained ??= this.#drainOnce();
    return this.#drained;
  }

  async #drainOnce(): Promise<void> {
    this.#setMode('draining');
    const ended = Promise.all([this.#closing, this.#claiming?.close()]);
    if (!(await this.#within(this.#options.drainMs, ended))) {
      this.#running.stopAll('draining');
      await this.#within(GIVE_BACK_MS, ended);
    }
    this.#stopped.abort();
    for (const stopListening of this.#deaf) stopListening();
    await this.#within(GOODBYE_MS, this.#leave());
    this.#setMode('stopped');
  }

  async #leave(): Promise<void> {
    const { store, workerId, backendId, location } = this.#options;
    await this.#heartbeats;
    await store.leave(workerId, backendId, location === 'local');
  }

  /** Whether the task ended in time; one that did not goes on unattended. */
  async #within(limitMs: number, task: Promise<unknown>): Promise<boolean> {
    const ended = new AbortController();
    task
      .catch((error: unknown) => this.#options.logger.warn({ event: 'drain.failed', error }))
      .finally(() => ended.abort());
    return (await wait(limitMs, ended.signal)) === 'aborted';
  }

  async #beat(): Promise<void> {
    const { store, workerId, backendId, location } = this.#options;
    const { descriptor, slots } = this.#options.describe();
    const draining = this.#mode === 'draining';
    const leases = this.#running.leases();
    // An engine whose one worker drains has no slots left; of a shared account the other workers go on to speak.
    const offered = location === 'local' ? 0 : undefined;
    const reply = await store.heartbeat({
      workerId,
      backendId,
      descriptor: { ...descriptor, draining },
      slots: draining ? offered : slots,
      exclusive: location === 'local',
      leases,
    });
    if (reply.kind === 'standby') {
      this.#standBy(reply.owner);
      return;
    }
    const lost = new Set(reply.lost);
    for (const { jobId, fence } of leases)
      if (lost.has(jobId)) this.#running.stop(jobId, 'lease-lost', fence);
    if (this.#isIdle()) await this.#options.prepare?.();
    // a drain may have begun meanwhile
    if (this.#isIdle()) this.#lease(slots);
    this.#claiming?.setSlots(slots);
  }

  /** Another worker drives the engine. One that was leasing was taken for dead: what it ran is the other's now. */
  #standBy(owner: WorkerId): void {
    if (this.#mode !== 'leasing' && this.#mode !== 'starting') return;
    this.#running.stopAll('lease-lost');
    this.#closing = Promise.all([this.#closing, this.#claiming?.close()]);
    this.#claiming = undefined;
    this.#setMode('standby', { owner });
  }

  #isIdle(): boolean {
    return this.#mode === 'starting' || this.#mode === 'standby';
  }

  #lease(slots: number): void {
    const { logger } = this.#options;
    this.#claiming = startClaiming({
      slots,
      claim: (most) => this.#claim(most),
      ...createAttemptRunner(this.#options, this.#running, this.#stopped.signal),
      onError: (error) => logger.warn({ event: 'claim.failed', error }),
    });
    this.#setMode('leasing');
  }

  async #claim(most: number): Promise<readonly Claim[]> {
    const { store, workerId, backendId, location, logger, metrics } = this.#options;
    const { claims, blocked } = await store.claim({ workerId, backendId, location, most });
    if (blocked.length > 0) {
      metrics.privacyBlocks.inc({ stage: 'claim' }, blocked.length);
      logger.error({ event: 'privacy.blocked', backend: backendId, jobs: blocked });
    }
    return claims;
  }

  #setMode(
    mode: 'standby' | 'leasing' | 'draining' | 'stopped',
    fields: Readonly<Record<string, string>> = {},
  ): void {
    this.#mode = mode;
    this.#options.logger.info({ event: 'worker.mode', mode, backend: this.#options.backendId, ...fields });
  }
}
