import { Queue } from 'bullmq';
import { Redis } from 'ioredis';
import { answerParent } from './answer-parent.ts';
import { inParallel } from './in-parallel.ts';
import type { ProducerLoad, ProducerResult } from './producer.ts';
import { SAMPLE_JOB } from './sample-job.ts';

const [redisUrl = '', name = ''] = process.argv.slice(2);
const connection = new Redis(redisUrl, { maxRetriesPerRequest: null });
const queue = new Queue(name, { connection, defaultJobOptions: { removeOnComplete: true } });

answerParent(
  async ({ jobs, concurrency }: ProducerLoad): Promise<ProducerResult> => {
    const startedAtMs = performance.now();
    await inParallel(concurrency, jobs, () => queue.add('bench', SAMPLE_JOB));
    return { perSecond: (jobs * 1000) / (performance.now() - startedAtMs) };
  },
  async () => {
    await queue.close();
    connection.disconnect();
  },
);
