import type { JobClass } from '@spillway/core';

/** One simulation: either the published trace, or an attack. */
export type FairnessAsk = TraceAsk | AttackAsk;

export interface TraceAsk {
  readonly kind: 'trace';
  /** As `parsePolicy` reads it. */
  readonly policy: string;
  /**
   * engine: a request is admitted by the fullest moment of the KV cache, which the engine of the artifact knows because
   * its requests carry the length of their answers. own: the scheduler decides by lengths it has learned.
   */
  readonly admission: 'engine' | 'own';
  readonly jobClass: JobClass;
  /** Undefined: arrivals as recorded; else each is moved by up to a second, by this seed. */
  readonly jitterSeed?: number;
}

export interface AttackAsk {
  readonly kind: 'attack';
  readonly policy: string;
  readonly seed: number;
  /** Share of its fair half that the victim asks for. */
  readonly victimShare: number;
  /** Undefined: the victim alone, on an engine of half the speed. */
  readonly attack?: Attack;
  readonly jobClass: JobClass;
}

export interface Attack {
  readonly name: string;
  /** Requests of the attacker for one of the victim. */
  readonly times: number;
  /** API keys it spreads them over. */
  readonly keys: number;
  /** It says that all of them must stay on local hardware. */
  readonly pinned?: boolean;
}

export type FairnessAnswer = TraceAnswer | AttackAnswer;

export interface TraceAnswer {
  readonly kind: 'trace';
  /** In tokens (input + 2 x output) a second. */
  readonly max: number;
  readonly average: number;
  readonly tokensPerSecond: number;
  readonly refused: number;
}

/** Of the victim's jobs. */
export interface AttackAnswer {
  readonly kind: 'attack';
  /** From submission until an engine begins; of one that ends before, until then. */
  readonly p99WaitSeconds: number;
  /** Those that expired or were refused before they began. */
  readonly neverBegan: number;
}
