import { Worker } from 'bullmq';
import { Redis } from 'ioredis';
import { answerParent } from '../common/answer-parent.ts';
import { createCountdown } from './countdown.ts';

const [redisUrl = '', name = '', concurrency = ''] = process.argv.slice(2);
const connection = new Redis(redisUrl, { maxRetriesPerRequest: null });
const countdown = createCountdown();
const worker = new Worker(name, async () => 0, { connection, concurrency: Number(concurrency) });
worker.on('completed', () => countdown.tick());
worker.on('error', (error) => process.stderr.write(`${error}\n`));
await worker.waitUntilReady();

answerParent(
  (jobs: number) => countdown.from(jobs),
  async () => {
    await worker.close();
    connection.disconnect();
  },
);
