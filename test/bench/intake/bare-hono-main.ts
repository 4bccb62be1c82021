import { createJobRequestSchema } from '@spillway/contracts';
import { listen } from '@spillway/service-kit';
import { Hono } from 'hono';
import { answerParent } from '../common/answer-parent.ts';
import { SAMPLE_ANSWER } from '../common/sample-job.ts';

// What HTTP and validation alone cost: the platform's server adapter and schema, an answer of the same size, no store.
const app = new Hono();
app.post('/v1/jobs', async (context) => {
  const request = createJobRequestSchema.safeParse(await context.req.json());
  return request.success ? context.json(SAMPLE_ANSWER, 202) : context.json(request.error.issues, 400);
});
const server = await listen(app.fetch, { port: 0, host: '127.0.0.1' });

answerParent(
  async () => server.port,
  () => server.close(0),
);
