import { randomUUID } from 'node:crypto';
import { type AttemptOutcome, type BackendId, idFromUuid, type JobId } from '@spillway/core';
import type { Claim } from '@spillway/redis';
import { WorkerLoop } from '../worker-loop.ts';
import type { WorkerLoopOptions } from '../worker-loop-options.ts';
import { eventually, type TestCell } from './open-test-cell.ts';

export const gpu = 'gpu-0' as BackendId;

const ANSWER: AttemptOutcome = {
  kind: 'completed',
  statusCode: 200,
  body: { choices: [] },
  usage: { inputTokens: 10, cachedInputTokens: 0, outputTokens: 20, costMicroUsd: 7 },
};

/** One attempt in the hands of the test. */
interface Run {
  readonly claim: Claim;
  readonly signal: AbortSignal;
  end(outcome?: AttemptOutcome): void;
  reject(error: Error): void;
}

export interface LoopUnderTest extends AsyncDisposable {
  readonly loop: WorkerLoop;
  /** Attempts in the order they began, ended ones included. */
  readonly runs: readonly Run[];
  /** The `index`th attempt, once it has begun. */
  run(index: number): Promise<Run>;
  /** The attempt of that job, once it has begun. */
  runOf(id: JobId): Promise<Run>;
}

/** A started loop that leases, or stands by, in front of a backend played by the test: it hears an abort. */
export async function openLoop(
  cell: TestCell,
  changes: Partial<WorkerLoopOptions> & { readonly slots?: number; readonly ready?: 'leasing' | 'any' } = {},
): Promise<LoopUnderTest> {
  const { slots = 4, ready = 'leasing', ...options } = changes;
  const runs: Run[] = [];
  const location = options.location ?? 'local';
  const loop = new WorkerLoop({
    workerId: idFromUuid('WorkerId', randomUUID()),
    backendId: gpu,
    location,
    describe: () => ({
      slots,
      descriptor: {
        kind: 'vllm',
        location,
        models: ['house-model'],
        endpoints: ['/v1/chat/completions'],
        simulated: true,
        draining: false,
      },
    }),
    run: (claim, signal) => {
      const attempt = Promise.withResolvers<AttemptOutcome>();
      const end = (outcome: AttemptOutcome = ANSWER): void => attempt.resolve(outcome);
      signal.addEventListener('abort', () => end({ kind: 'aborted' }));
      runs.push({ claim, signal, end, reject: attempt.reject });
      return attempt.promise;
    },
    store: await cell.workerStore(),
    logger: cell.logger,
    metrics: cell.metrics,
    random: () => 0,
    drainMs: 50,
    ...options,
  });
  await loop.start();
  if (ready === 'leasing') await eventually(() => loop.leasing || undefined, 'the worker to lease');
  return {
    loop,
    runs,
    run: (index) => eventually(() => runs[index], `attempt ${index} to begin`),
    runOf: (id) =>
      eventually(() => runs.findLast(({ claim }) => claim.lease.jobId === id), `${id} to be attempted`),
    [Symbol.asyncDispose]: () => loop.drain(),
  };
}
