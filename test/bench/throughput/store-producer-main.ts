import { randomUUIDv7 } from 'node:crypto';
import { idFromUuid, type TenantId } from '@spillway/core';
import { createSubmitJob, type NewJob } from '@spillway/redis';
import { answerParent } from '../common/answer-parent.ts';
import { inParallel } from '../common/in-parallel.ts';
import type { ProducerLoad, ProducerResult } from '../common/producer.ts';
import { SAMPLE_JOB, SAMPLE_MODEL } from '../common/sample-job.ts';
import { openBenchCell } from './open-bench-cell.ts';

// Submits through the store as the API does, without HTTP: what stands beside BullMQ's `add` in the same process.
const [redisUrl = ''] = process.argv.slice(2);
const stack = new AsyncDisposableStack();
const cell = await openBenchCell(redisUrl, stack);
const submit = createSubmitJob(cell.redis, cell.keys);

const newJob = (): NewJob => ({
  id: idFromUuid('JobId', randomUUIDv7()),
  lane: {
    jobClass: SAMPLE_JOB.class,
    modelGroup: SAMPLE_MODEL,
    tenantId: 'bench' as TenantId,
    pinned: false,
  },
  startWithinMs: undefined,
  deadlineMs: 3_600_000,
  attemptTimeoutMs: 120_000,
  retainMs: 86_400_000,
  maxWaitMs: 150_000,
  features: {
    endpoint: '/v1/chat/completions',
    strategy: 'auto',
    task: 'chat',
    inputTokens: 220,
    outputTokens: 64,
    prefix: [],
  },
  description: { findings: [], metadata: null },
  webhook: undefined,
  request: JSON.stringify(SAMPLE_JOB.request),
});

answerParent(
  async ({ jobs, concurrency }: ProducerLoad): Promise<ProducerResult> => {
    const startedAtMs = performance.now();
    await inParallel(concurrency, jobs, async () => {
      const { kind } = await submit(
        newJob(),
        { maxQueuedJobs: 10_000_000, maxQueueLength: undefined },
        undefined,
      );
      if (kind !== 'accepted') throw new Error(`a submission was ${kind}`);
    });
    return { perSecond: (jobs * 1000) / (performance.now() - startedAtMs) };
  },
  () => stack.disposeAsync(),
);
