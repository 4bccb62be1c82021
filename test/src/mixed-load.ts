import type { SpillwayClient } from '@spillway/client';
import type { JobBody } from '@spillway/contracts';
import { type JobId, JOB_CLASSES } from '@spillway/core';
import { simulatedDigest } from '@spillway/engine-sim';

export interface SubmittedJob {
  readonly id: JobId;
  readonly client: SpillwayClient;
  readonly localOnly: boolean;
  /** What the answer to this job, and to no other, contains. */
  readonly digest: string;
}

export interface LoadOptions {
  readonly jobs: number;
  readonly maxTokens: number;
}

const SUBMITTERS = 24;
const READERS = 24;

/** Jobs of all classes, every fifth pinned, spread over the tenants; each with a text of its own. */
export async function submitLoad(
  clients: readonly SpillwayClient[],
  { jobs, maxTokens }: LoadOptions,
): Promise<readonly SubmittedJob[]> {
  return inParallel(SUBMITTERS, jobs, async (index) => {
    const client = clients[index % clients.length];
    if (client === undefined) throw new Error('no tenant');
    const content = `Document ${index}: what does paragraph ${index * 7} say?`;
    const localOnly = index % 5 === 0;
    const job = await client.submit({
      class: JOB_CLASSES[index % JOB_CLASSES.length] ?? 'standard',
      privacy: localOnly ? 'local_only' : 'public',
      deadline_seconds: 900,
      request: { model: 'auto', max_tokens: maxTokens, messages: [{ role: 'user', content }] },
    });
    return { id: job.id, client, localOnly, digest: simulatedDigest(content) };
  });
}

/** The final record of every job. */
export const collectLoad = (
  submitted: readonly SubmittedJob[],
  timeoutMs: number,
): Promise<readonly JobBody[]> =>
  inParallel(READERS, submitted.length, async (index) => {
    const job = submitted[index];
    if (job === undefined) throw new Error('no job');
    return job.client.waitUntilFinished(job.id, { timeoutMs });
  });

async function inParallel<Value>(
  width: number,
  count: number,
  task: (index: number) => Promise<Value>,
): Promise<readonly Value[]> {
  const results: Value[] = [];
  let next = 0;
  await Promise.all(
    Array.from({ length: width }, async () => {
      while (next < count) {
        const index = next;
        next += 1;
        results[index] = await task(index);
      }
    }),
  );
  return results;
}
