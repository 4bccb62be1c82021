import type { JobClass, RoutingStrategy } from '@spillway/core';

/** One request of a trace: when it came, whose it was, and how long prompt and answer were. */
export interface TraceJob {
  /** Since the beginning of the trace; traces are in this order. */
  readonly atMs: number;
  readonly tenant: string;
  /** The API key it was sent with, where a tenant has several; the tenant's name otherwise. */
  readonly key?: string;
  readonly jobClass: JobClass;
  /** May only run on local backends. */
  readonly pinned: boolean;
  readonly inputTokens: number;
  /** How long the answer was: the engine knows, the scheduler does not. */
  readonly outputTokens: number;
  /** The most the request allowed, which the scheduler does know. */
  readonly maxOutputTokens?: number;
  /** A model group of the deployment; its first one otherwise. */
  readonly model?: string;
  /** The kind of work, as the scheduler learns lengths by it. */
  readonly task?: string;
  /** Hashes of the prompt's first blocks, each of all the text up to its end: integers below 2^53. */
  readonly prefix?: readonly number[];
  /** From arrival; that of its class otherwise. */
  readonly deadlineMs?: number;
  readonly strategy?: RoutingStrategy;
}
