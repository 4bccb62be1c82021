import { type Child, startChild } from './child.ts';

export interface ProducerLoad {
  readonly jobs: number;
  /** Submissions under way at once. */
  readonly concurrency: number;
}

export interface ProducerResult {
  readonly perSecond: number;
}

/** A process that does nothing but submit; its answer comes when the last submission was accepted. */
export type Producer = Child<ProducerLoad, ProducerResult>;

/** Raw BullMQ `add`. */
export const startRawProducer = (redisUrl: string, queue: string): Promise<Producer> =>
  startChild(new URL('./raw-producer-main.ts', import.meta.url), [redisUrl, queue]);
