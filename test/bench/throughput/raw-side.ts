import { type Child, startChild } from '../common/child.ts';
import { close } from '../common/close.ts';
import { startRawProducer } from '../common/producer.ts';
import { type SideContext, type ThroughputSide, timeTurn } from './throughput-side.ts';

const QUEUE = 'throughput-raw';

/** BullMQ alone: `add` in one process, a worker that does nothing in another. */
export async function openRawSide(
  { redis, slots, submitters }: SideContext,
  stack: AsyncDisposableStack,
): Promise<ThroughputSide> {
  const worker: Child<number, void> = stack.adopt(
    await startChild(new URL('./raw-worker-main.ts', import.meta.url), [redis.url, QUEUE, String(slots)]),
    close,
  );
  const producer = stack.adopt(await startRawProducer(redis.url, QUEUE), close);
  return (jobs) =>
    timeTurn(jobs, redis, { producer, worker }, () =>
      Promise.all([worker.ask(jobs), producer.ask({ jobs, concurrency: submitters })]),
    );
}
