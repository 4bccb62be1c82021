import type { JobClass, RoutingStrategy } from '@spillway/core';

/** The kinds of trace files that can be read; docs/simulation.md shows a line of each. */
export const TRACE_FORMATS = ['azure', 'burstgpt', 'mooncake', 'vtc', 'spillway'] as const;
export type TraceFormat = (typeof TRACE_FORMATS)[number];

/** One request as a trace tells it: what a trace does not know is left out, and shaping fills it in. */
export interface TraceRecord {
  /** By the trace's own clock until the whole trace is read, then since its first request. */
  readonly atMs: number;
  readonly inputTokens: number;
  readonly outputTokens: number;
  readonly tenant?: string;
  /** Which of a tenant's API keys, users or sessions it came from. */
  readonly key?: string;
  readonly jobClass?: JobClass;
  readonly pinned?: boolean;
  /** The most the request allowed, which a scheduler may know. */
  readonly maxOutputTokens?: number;
  /** A model group. */
  readonly model?: string;
  /** The kind of work, as the scheduler learns lengths by it. */
  readonly task?: string;
  /** Hashes of the prompt's first blocks, each of all the text up to its end: integers below 2^53. */
  readonly prefix?: readonly number[];
  /** From its arrival. */
  readonly deadlineMs?: number;
  readonly strategy?: RoutingStrategy;
}
