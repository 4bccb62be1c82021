import { SpillwayError, type SpillwayClient } from '@spillway/client';
import type { JobId } from '@spillway/core';
import { wait } from '@spillway/service-kit';
import type { JobFacts } from '../history/facts.ts';
import type { History } from '../history/history.ts';

const LOOK_MS = 250;
const READERS = 12;

/** Waits until no job of these tenants is queued or running; false when the signal came first. */
export async function untilAllEnded(
  clients: readonly SpillwayClient[],
  signal: AbortSignal,
): Promise<boolean> {
  while (!signal.aborted) {
    const counts = await Promise.all(
      clients.flatMap((client) => [countOf(client, 'queued', signal), countOf(client, 'running', signal)]),
    );
    if (counts.every((count) => count === 0)) return true;
    await wait(LOOK_MS, signal);
  }
  return false;
}

/** Undefined while nobody answers. */
async function countOf(
  client: SpillwayClient,
  status: 'queued' | 'running',
  signal: AbortSignal,
): Promise<number | undefined> {
  try {
    return (await client.list({ status, limit: 1 }, { signal })).data.length;
  } catch (error) {
    if (!(error instanceof SpillwayError) && !signal.aborted) throw error;
    return undefined;
  }
}

/**
 * Notes the last record of every job: of those that were accepted, and of those that only the list knows, because
 * their submission was written and never answered.
 */
export async function collectFinals(
  clients: readonly SpillwayClient[],
  jobs: readonly JobFacts[],
  history: History,
  signal: AbortSignal,
): Promise<void> {
  const keys = new Set(jobs.map(({ plan }) => plan.key));
  const wanted = new Map<JobId, { readonly key: string; readonly client: SpillwayClient }>();
  for (const { plan, accepted } of jobs) {
    const client = clients[plan.tenant];
    for (const { record } of accepted) if (client) wanted.set(record.id, { key: plan.key, client });
  }
  for (const client of clients) {
    for await (const { id, metadata } of client.listAll({ limit: 100 }, { signal })) {
      const key = metadata?.['key'] ?? '';
      if (keys.has(key)) wanted.set(id, { key, client });
    }
  }
  const left = [...wanted];
  await Promise.all(
    Array.from({ length: READERS }, async () => {
      for (let next = left.pop(); next !== undefined; next = left.pop()) {
        const [id, { key, client }] = next;
        await noteFinal(id, key, client, history, signal);
      }
    }),
  );
}

async function noteFinal(
  id: JobId,
  key: string,
  client: SpillwayClient,
  history: History,
  signal: AbortSignal,
): Promise<void> {
  for (;;) {
    try {
      history.note({ key, what: 'final', record: await client.get(id, { signal }) });
      return;
    } catch (error) {
      if (!(error instanceof SpillwayError)) throw error;
      if (error.code === 'job-not-found') {
        history.note({ key, what: 'gone', id });
        return;
      }
      await wait(LOOK_MS, signal);
    }
  }
}
