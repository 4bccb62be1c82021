import { randomUUID } from 'node:crypto';
import { Queue, Worker } from 'bullmq';
import { Redis } from 'ioredis';

/** The baseline: BullMQ alone on the same Redis, from `add` to the first line of the processor. */
export interface RawBullmq {
  addToProcess(): Promise<number>;
  close(): Promise<void>;
}

export async function openRawBullmq(redisUrl: string): Promise<RawBullmq> {
  const name = `bench-${randomUUID()}`;
  const connection = new Redis(redisUrl, { maxRetriesPerRequest: null });
  const started = new Map<string, (atMs: number) => void>();
  const queue = new Queue(name, { connection, defaultJobOptions: { removeOnComplete: true } });
  const worker = new Worker(
    name,
    async (job) => {
      started.get(job.id ?? '')?.(performance.now());
      return 0;
    },
    { connection, concurrency: 50 },
  );
  await worker.waitUntilReady();
  return {
    addToProcess: async () => {
      const jobId = randomUUID();
      const arrived = new Promise<number>((resolve) => started.set(jobId, resolve));
      const startedAtMs = performance.now();
      await queue.add('bench', { v: 1, job: jobId }, { jobId });
      const atMs = await arrived;
      started.delete(jobId);
      return atMs - startedAtMs;
    },
    close: async () => {
      await worker.close();
      await queue.obliterate({ force: true });
      await queue.close();
      connection.disconnect();
    },
  };
}
