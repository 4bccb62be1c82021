import { type BackoffOptions, createBackoff, type Logger, wait } from '@spillway/service-kit';
import type { RunningProcess } from './launch.ts';

export interface SupervisedOptions {
  readonly name: string;
  /** Starts the process once; the signal aborts when it is no longer wanted. */
  readonly launch: (signal: AbortSignal) => Promise<RunningProcess>;
  readonly logger: Logger;
  readonly restart: BackoffOptions;
}

type State =
  | { readonly kind: 'starting' }
  | { readonly kind: 'running'; readonly process: RunningProcess }
  | { readonly kind: 'waiting' }
  | { readonly kind: 'stopped' };

/**
 * A process that is kept running: whenever it ends unasked it is started again after a delay.
 *
 *   starting ──▶ running ──▶ waiting ──▶ starting     (it ended; wait for the backoff)
 *   any      ──▶ stopped                              (stop)
 */
export class SupervisedProcess {
  readonly name: string;
  /** Resolves when the first process is ready; rejects, with what it printed last, when it ends before that. */
  readonly firstReady: Promise<void>;
  readonly #options: SupervisedOptions;
  readonly #stopping = new AbortController();
  readonly #first = Promise.withResolvers<void>();
  readonly #ended: Promise<void>;
  #state: State = { kind: 'starting' };

  constructor(options: SupervisedOptions) {
    this.name = options.name;
    this.#options = options;
    this.firstReady = this.#first.promise;
    // whoever does not wait for the first start learns of a failure from the log
    this.firstReady.catch(() => {});
    this.#ended = this.#keepRunning();
  }

  /** Process id of the running process, 0 while there is none. */
  get pid(): number {
    return this.#state.kind === 'running' ? this.#state.process.pid : 0;
  }

  get alive(): boolean {
    return this.#state.kind === 'running';
  }

  /** Sends a signal to the running process; false when there is none. */
  kill(signal: NodeJS.Signals): boolean {
    if (this.#state.kind !== 'running') return false;
    this.#state.process.kill(signal);
    return true;
  }

  /** SIGTERM, and after `graceMs` SIGKILL; resolves when the process is gone and will not come back. */
  async stop(graceMs: number): Promise<void> {
    this.#stopping.abort();
    this.kill('SIGTERM');
    const enough = new AbortController();
    const overdue = wait(graceMs, enough.signal);
    if ((await Promise.race([this.#ended.then(() => 'ended' as const), overdue])) === 'elapsed') {
      this.#options.logger.warn({ event: 'child.killed', name: this.name, after_ms: graceMs });
      this.kill('SIGKILL');
    }
    enough.abort();
    await this.#ended;
  }

  async #keepRunning(): Promise<void> {
    const { name, logger, restart } = this.#options;
    const backoff = createBackoff(restart);
    const stopping = this.#stopping.signal;
    while (!stopping.aborted) {
      const startedAtMs = performance.now();
      const how = await this.#runOnce();
      if (stopping.aborted) break;
      const restartInMs = backoff.next(performance.now() - startedAtMs);
      logger.warn({ event: 'child.exited', name, ...how, restart_in_ms: restartInMs });
      this.#state = { kind: 'waiting' };
      await wait(restartInMs, stopping);
    }
    this.#state = { kind: 'stopped' };
    this.#first.reject(new Error(`${name} was stopped before it was ready`));
  }

  async #runOnce(): Promise<Readonly<Record<string, unknown>>> {
    const { name, launch, logger } = this.#options;
    const stopping = this.#stopping.signal;
    this.#state = { kind: 'starting' };
    try {
      const process = await launch(stopping);
      this.#state = { kind: 'running', process };
      if (stopping.aborted) process.kill('SIGTERM');
      logger.info({ event: 'child.started', name, pid: process.pid });
      void process.ready.finally(() => {
        logger.info({ event: 'child.ready', name, pid: process.pid });
        this.#first.resolve();
      });
      const { code, signal } = await process.exited;
      this.#first.reject(
        new Error(`${name} ended (${signal ?? `exit code ${code}`}) before it was ready\n${process.tail()}`),
      );
      return { pid: process.pid, code, signal };
    } catch (error) {
      this.#first.reject(
        error instanceof Error ? error : new Error(`${name} cannot be started`, { cause: error }),
      );
      return { err: error };
    }
  }
}
