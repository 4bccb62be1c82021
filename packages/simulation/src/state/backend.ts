import type { BackendId, BackendView, EpochMs } from '@spillway/core';
import { type BackendSpec, DEFAULT_MODEL } from '../deployment.ts';
import type { Holding, SimJob } from './sim-job.ts';

/** How an attempt on a backend ends, when it does not end by itself later. */
export type Began =
  /** The engine will say. */
  | { readonly kind: 'in-engine' }
  | { readonly kind: 'answers'; readonly firstTokenAtMs: EpochMs; readonly finishedAtMs: EpochMs }
  | { readonly kind: 'fails'; readonly atMs: EpochMs; readonly availableAtMs: EpochMs }
  /** It will never run here. */
  | { readonly kind: 'too-large' };

/** What every backend of a simulation keeps, whatever runs behind it. */
export abstract class Backend {
  readonly id: BackendId;
  readonly models: readonly string[];
  readonly slots: number;
  /** What it holds. */
  readonly jobs = new Set<SimJob>();
  heldTokens = 0;
  coolingUntilMs: EpochMs = 0;

  constructor(spec: BackendSpec) {
    this.id = spec.id as BackendId;
    this.models = spec.models ?? [DEFAULT_MODEL];
    this.slots = spec.slots;
  }

  abstract readonly location: 'local' | 'cloud';
  /** What the scheduler sees of it. */
  abstract view(nowMs: EpochMs): BackendView;
  abstract begin(job: SimJob, nowMs: EpochMs): Began;

  get held(): number {
    return this.jobs.size;
  }

  hold(job: SimJob, { reservedTokens }: Holding): void {
    this.jobs.add(job);
    this.heldTokens += reservedTokens;
  }

  release(job: SimJob, { reservedTokens }: Holding): void {
    this.jobs.delete(job);
    this.heldTokens -= reservedTokens;
  }

  protected common(): Pick<
    BackendView,
    'id' | 'models' | 'endpoints' | 'health' | 'slots' | 'held' | 'heldTokens' | 'suspects' | 'coolingUntilMs'
  > {
    const { id, models, slots, held, heldTokens, coolingUntilMs } = this;
    return {
      id,
      models,
      endpoints: ENDPOINTS,
      health: UP,
      slots,
      held,
      heldTokens,
      suspects: 0,
      coolingUntilMs,
    };
  }
}

const ENDPOINTS = ['/v1/chat/completions'] as const;
const UP = { kind: 'up' } as const;
