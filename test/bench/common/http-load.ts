import { type Child, startChild } from './child.ts';

export interface HttpLoad {
  readonly port: number;
  readonly path: string;
  readonly apiKey: string;
  readonly body: string;
  readonly requests: number;
  /** Kept connections, each with one request under way. */
  readonly connections: number;
}

export interface HttpLoadResult {
  readonly perSecond: number;
  readonly p50Ms: number;
  readonly p99Ms: number;
}

export type LoadGenerator = Child<HttpLoad, HttpLoadResult>;

/** A load generator in its own process; it rejects at the first answer that is not a 202. */
export const startLoadGenerator = (): Promise<LoadGenerator> =>
  startChild(new URL('./http-load-main.ts', import.meta.url));
