import { createJobRequestSchema } from '@spillway/contracts';
import { listen } from '@spillway/service-kit';
import { Queue } from 'bullmq';
import { Hono } from 'hono';
import { Redis } from 'ioredis';
import { answerParent } from '../common/answer-parent.ts';
import { SAMPLE_ANSWER } from '../common/sample-job.ts';

// The service most people would write instead: validate, `add`, answer 202.
const [redisUrl = ''] = process.argv.slice(2);
const connection = new Redis(redisUrl, { maxRetriesPerRequest: null });
const queue = new Queue('intake-http', { connection, defaultJobOptions: { removeOnComplete: true } });
const app = new Hono();
app.post('/v1/jobs', async (context) => {
  const request = createJobRequestSchema.safeParse(await context.req.json());
  if (!request.success) return context.json(request.error.issues, 400);
  await queue.add('bench', request.data);
  return context.json(SAMPLE_ANSWER, 202);
});
const server = await listen(app.fetch, { port: 0, host: '127.0.0.1' });

answerParent(
  async () => server.port,
  async () => {
    await server.close(0);
    await queue.close();
    connection.disconnect();
  },
);
