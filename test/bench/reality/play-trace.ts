import type { SpillwayClient } from '@spillway/client';
import type { JobBody } from '@spillway/contracts';
import type { JobId } from '@spillway/core';
import { wait } from '@spillway/service-kit';
import type { TraceJob } from '@spillway/simulation';
import { inParallel } from '../common/in-parallel.ts';
import { MODEL } from './deployment.ts';

/** What became of a job in the real processes. Instants in ms since 1970. */
export interface RealJob {
  readonly acceptedAtMs: number;
  readonly finishedAtMs: number;
  readonly inCloud: boolean;
  readonly inputTokens: number;
  readonly outputTokens: number;
  /** What its client was told when it was accepted. */
  readonly promisedAtMs: number | undefined;
  /** Finished less predicted when it was dispatched. */
  readonly predictionErrorMs: number | undefined;
}

/** The most an answer may take: the scheduler knows no more of its length. */
export const MOST_OUTPUT = 256;
const READERS = 8;
const LONGEST_MS = 300_000;
const CHARACTERS_PER_TOKEN = 4;
const FRAME_TOKENS = 4;

/** Submits each job of a trace over HTTP when its time has come, and answers once the last of them has ended. */
export async function playTrace(
  client: SpillwayClient,
  trace: readonly TraceJob[],
  signal: AbortSignal,
): Promise<readonly RealJob[]> {
  const startedAtMs = performance.now();
  const accepted = await Promise.all(
    trace.map(async (job, index) => {
      await wait(job.atMs - (performance.now() - startedAtMs), signal);
      return submit(client, job, index, signal);
    }),
  );
  const jobs: RealJob[] = [];
  let next = 0;
  await inParallel(READERS, accepted.length, async () => {
    const index = next;
    next += 1;
    const first = accepted[index];
    if (first !== undefined) jobs[index] = await outcomeOf(client, first, signal);
  });
  return jobs;
}

function submit(
  client: SpillwayClient,
  { jobClass, inputTokens }: TraceJob,
  index: number,
  signal: AbortSignal,
): Promise<JobBody> {
  const input = {
    class: jobClass,
    privacy: 'public',
    request: {
      model: MODEL,
      max_tokens: MOST_OUTPUT,
      messages: [{ role: 'user', content: promptOf(index, inputTokens) }],
    },
  } as const;
  return client.submit(input, { signal });
}

/** Text of so many tokens, as the simulated engine counts them, that begins like no other. */
function promptOf(index: number, tokens: number): string {
  const length = Math.max(1, tokens - FRAME_TOKENS) * CHARACTERS_PER_TOKEN;
  return `${index} ${'weather report '.repeat(Math.ceil(length / 15))}`.slice(0, length);
}

async function outcomeOf(client: SpillwayClient, first: JobBody, signal: AbortSignal): Promise<RealJob> {
  const id: JobId = first.id;
  const job = await client.waitUntilFinished(id, { timeoutMs: LONGEST_MS, signal });
  const { status, finished_at: finishedAt, usage } = job;
  if (status !== 'completed' || finishedAt === null || usage === null) throw new Error(`a job is ${status}`);
  const decisions = await client.decisions(id, { signal });
  const outcome = decisions.findLast(({ action }) => action === 'assign')?.outcome;
  return {
    acceptedAtMs: Date.parse(first.created_at),
    finishedAtMs: Date.parse(finishedAt),
    inCloud: job.served_by?.location === 'cloud',
    inputTokens: usage.input_tokens,
    outputTokens: usage.output_tokens,
    promisedAtMs: first.estimated_finish_at === null ? undefined : Date.parse(first.estimated_finish_at),
    predictionErrorMs: outcome?.prediction_error_ms ?? undefined,
  };
}
