import { randomUUID } from 'node:crypto';
import { type AttemptOutcome, type BackendId, idFromUuid } from '@spillway/core';
import { createLogger, createMetrics } from '@spillway/service-kit';
import { createAttemptMetrics, createWorkerStore, WorkerLoop, type WorkerStore } from '@spillway/worker-loop';
import { answerParent } from '../common/answer-parent.ts';
import { SAMPLE_MODEL } from '../common/sample-job.ts';
import { createCountdown } from './countdown.ts';
import { openBenchCell } from './open-bench-cell.ts';

// The real loop in front of a backend that answers at once.
const ANSWER: AttemptOutcome = {
  kind: 'completed',
  statusCode: 200,
  body: { choices: [{ index: 0, message: { role: 'assistant', content: 'done' }, finish_reason: 'stop' }] },
  usage: { inputTokens: 220, cachedInputTokens: 0, outputTokens: 1, costMicroUsd: 0 },
};

const [redisUrl = '', slots = ''] = process.argv.slice(2);
const stack = new AsyncDisposableStack();
const logger = createLogger('bench-worker', { level: 'warn' });
const cell = await openBenchCell(redisUrl, stack);
const countdown = createCountdown();
const store = createWorkerStore(cell);
const settle: WorkerStore['settle'] = async (...settlement) => {
  const reply = await store.settle(...settlement);
  if (reply.kind === 'settled') countdown.tick();
  return reply;
};
const loop = new WorkerLoop({
  workerId: idFromUuid('WorkerId', randomUUID()),
  backendId: 'gpu-0' as BackendId,
  location: 'local',
  describe: () => ({
    slots: Number(slots),
    descriptor: {
      kind: 'local-compatible',
      location: 'local',
      models: [SAMPLE_MODEL],
      endpoints: ['/v1/chat/completions'],
      simulated: true,
      draining: false,
    },
  }),
  run: async () => ANSWER,
  store: { ...store, settle },
  logger,
  metrics: createAttemptMetrics(createMetrics('bench-worker')),
  random: Math.random,
  drainMs: 1000,
});
await loop.start();

answerParent(
  (jobs: number) => countdown.from(jobs),
  async () => {
    await loop.drain();
    await stack.disposeAsync();
  },
);
