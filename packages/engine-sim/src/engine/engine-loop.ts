import { err, ok, type Result } from '@spillway/core';
import type { BatchingEngine } from './batching.ts';
import { EngineMeter } from './engine-meter.ts';
import { newSequence, type Sequence } from './sequence.ts';
import type { PaceEnd } from './pace.ts';
import { Ticket, type FinishReason } from './ticket.ts';

/** Longest wait of the timer in milliseconds: above 2^31 - 1 Node would fire at once. */
const MAX_TIMER_MS = 60_000;

export interface EngineLoopOptions {
  /** Virtual milliseconds per real one; Infinity answers everything in the same turn of the event loop. */
  readonly speed: number;
  /** Waiting and running together; what comes on top is refused. */
  readonly maxQueuedRequests: number;
  /** A real clock that never goes back, in milliseconds. */
  readonly nowMs: () => number;
}

export interface EngineRequest {
  readonly promptTokens: number;
  readonly outputTokens: number;
  readonly prefixHashes?: readonly string[];
  readonly finishReason: FinishReason;
}

/**
 * Drives the batching model along real time with a single timer, which is set for the end of the step under way;
 * when it fires, every step that fits into the elapsed virtual time is run at once.
 */
export class EngineLoop {
  readonly engine: BatchingEngine;
  readonly meter = new EngineMeter();
  readonly #options: EngineLoopOptions;
  readonly #startedAtMs: number;
  readonly #tickets = new Map<Sequence, { readonly ticket: Ticket; readonly unlisten: () => void }>();
  #timer: NodeJS.Timeout | undefined;
  #stopped = false;
  #drain: NodeJS.Immediate | undefined;

  constructor(engine: BatchingEngine, options: EngineLoopOptions) {
    this.engine = engine;
    this.#options = options;
    this.#startedAtMs = options.nowMs();
  }

  /** Whether this many more requests would be taken now. */
  hasRoomFor(requests: number): boolean {
    return !this.#stopped && this.#tickets.size + requests <= this.#options.maxQueuedRequests;
  }

  /** Queues a request; the signal takes it out again wherever it is. */
  submit(request: EngineRequest, signal: AbortSignal): Result<Ticket, 'queue-full'> {
    if (!this.hasRoomFor(1)) return err('queue-full');
    const arrivedAtMs = this.#virtualNowMs();
    this.#advance(arrivedAtMs);
    const sequence = newSequence(
      request.promptTokens,
      request.outputTokens,
      arrivedAtMs,
      request.prefixHashes,
    );
    const ticket = new Ticket(sequence, request.finishReason);
    const onAbort = (): void => {
      this.#abort(sequence);
    };
    this.engine.enqueue(sequence);
    this.meter.recordAdmitted();
    signal.addEventListener('abort', onAbort, { once: true });
    this.#tickets.set(sequence, {
      ticket,
      unlisten: () => {
        signal.removeEventListener('abort', onAbort);
      },
    });
    if (signal.aborted) onAbort();
    else this.#advance(arrivedAtMs);
    return ok(ticket);
  }

  /** Starts all counters anew; what is in the engine stays and counts as admitted. */
  resetCounters(): void {
    this.engine.resetCounters();
    this.meter.reset(this.#tickets.size);
  }

  /** Aborts everything, takes nothing more and stops the timer. */
  stop(): void {
    this.#stopped = true;
    clearImmediate(this.#drain);
    this.#drain = undefined;
    for (const sequence of this.#tickets.keys()) {
      this.engine.abort(sequence);
      this.#end(sequence, 'aborted');
    }
    this.#rearm();
  }

  #virtualNowMs(): number {
    const { speed, nowMs } = this.#options;
    if (!Number.isFinite(speed)) return this.engine.nowMs;
    return (nowMs() - this.#startedAtMs) * speed;
  }

  #abort(sequence: Sequence): void {
    this.#advance(this.#virtualNowMs());
    if (!this.#tickets.has(sequence)) return;
    this.engine.abort(sequence);
    this.#end(sequence, 'aborted');
    this.#rearm();
  }

  /** With real time behind the clock: everything up to now; without: everything, at the end of this turn. */
  #advance(virtualNowMs: number): void {
    if (Number.isFinite(this.#options.speed)) this.#advanceTo(virtualNowMs);
    else if (this.#tickets.size > 0) this.#drain ??= setImmediate(() => this.#runUntilIdle());
  }

  #runUntilIdle(): void {
    this.#drain = undefined;
    this.#advanceTo(Infinity);
  }

  #advanceTo(targetMs: number): void {
    const generatedBefore = this.engine.generatedTokens;
    for (const sequence of this.engine.advanceTo(targetMs)) this.#end(sequence, 'finished');
    if (this.engine.generatedTokens !== generatedBefore) {
      for (const { ticket } of this.#tickets.values()) ticket.notify();
    }
    this.#rearm();
  }

  #rearm(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    const endsAtMs = this.engine.stepEndsAtMs;
    if (this.#tickets.size === 0 || endsAtMs === undefined || !Number.isFinite(this.#options.speed)) return;
    const waitMs = (endsAtMs - this.#virtualNowMs()) / this.#options.speed;
    const fire = (): void => {
      this.#advance(this.#virtualNowMs());
    };
    this.#timer = setTimeout(fire, Math.min(MAX_TIMER_MS, Math.max(1, Math.ceil(waitMs))));
  }

  #end(sequence: Sequence, how: PaceEnd): void {
    const entry = this.#tickets.get(sequence);
    if (entry === undefined) throw new Error('a sequence ended without a ticket');
    this.#tickets.delete(sequence);
    entry.unlisten();
    if (how === 'finished') this.meter.recordFinished(sequence, entry.ticket.finishReason);
    else this.meter.recordAborted();
    entry.ticket.end(how);
  }
}
