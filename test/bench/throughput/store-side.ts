import { type Child, startChild } from '../common/child.ts';
import { close } from '../common/close.ts';
import { writeBenchConfig } from '../common/bench-config.ts';
import type { Producer } from '../common/producer.ts';
import { startService } from '../common/service.ts';
import { type SideContext, type ThroughputSide, timeTurn } from './throughput-side.ts';

/** The platform between its edges: submissions through the store, the scheduler, the worker's loop. */
export async function openStoreSide(
  { redis, dataDir, env, slots, submitters }: SideContext,
  stack: AsyncDisposableStack,
): Promise<ThroughputSide> {
  const { configPath } = await writeBenchConfig(dataDir, { url: 'http://127.0.0.1:9', slots });
  const scheduler = stack.adopt(
    await startService({ name: 'scheduler', redisUrl: redis.url, configPath, env }),
    close,
  );
  const worker: Child<number, void> = stack.adopt(
    await startChild(new URL('./store-worker-main.ts', import.meta.url), [redis.url, String(slots)]),
    close,
  );
  const producer: Producer = stack.adopt(
    await startChild(new URL('./store-producer-main.ts', import.meta.url), [redis.url]),
    close,
  );
  return (jobs) =>
    timeTurn(jobs, redis, { producer, scheduler, worker }, () =>
      Promise.all([worker.ask(jobs), producer.ask({ jobs, concurrency: submitters })]),
    );
}
