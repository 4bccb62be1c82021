import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { SpillwayError, type SpillwayClient } from '@spillway/client';
import type { JobBody } from '@spillway/contracts';
import type { JobId } from '@spillway/core';
import { simulatedDigest } from '@spillway/engine-sim';
import { vi } from 'vitest';
import type { TestPlatform } from '../../src/test-platform.ts';

/** Jobs that are submitted one after the other, whatever happens meanwhile. */
export interface Load {
  /** Resolves when so many have been accepted. */
  accepted(count: number): Promise<void>;
  /** The final record of every job, in the order of submission, with what its answer must contain. */
  ended(): Promise<readonly { readonly job: JobBody; readonly digest: string }[]>;
}

const SUBMITTERS = 8;
const PATIENCE_MS = 60_000;

/**
 * Submits `jobs` jobs, some in parallel, as a client does that does not give up: what was refused or got no answer is
 * sent again under the same idempotency key.
 */
export function startLoad(
  client: SpillwayClient,
  { jobs, name, webhookUrl }: { readonly jobs: number; readonly name: string; readonly webhookUrl: string },
): Load {
  const accepted: { readonly id: JobId; readonly digest: string }[] = [];
  let next = 0;
  const submitter = async (): Promise<void> => {
    while (next < jobs) {
      const index = next;
      next += 1;
      const content = `${name}, document ${index}: what does it say?`;
      const body = {
        deadline_seconds: 900,
        webhook: { url: webhookUrl },
        request: { model: 'auto', max_tokens: 64, messages: [{ role: 'user' as const, content }] },
      };
      // one after the other: a submitter is one client
      const { id } = await insist(() => client.submit(body, { idempotencyKey: `${name}-${index}` }));
      accepted[index] = { id, digest: simulatedDigest(content) };
    }
  };
  const submitting = Promise.all(Array.from({ length: SUBMITTERS }, submitter));
  // whoever waits for the end hears of it
  submitting.catch(() => undefined);
  return {
    accepted: async (count) => {
      await vi.waitUntil(() => Object.keys(accepted).length >= count, { timeout: PATIENCE_MS, interval: 10 });
    },
    ended: async () => {
      await submitting;
      return Promise.all(
        accepted.map(async ({ id, digest }) => ({
          job: await insist(() => client.waitUntilFinished(id, { timeoutMs: PATIENCE_MS })),
          digest,
        })),
      );
    },
  };
}

/** Calls until it is answered: 503, no answer and a lost connection pass. */
async function insist<Answer>(call: () => Promise<Answer>): Promise<Answer> {
  const deadlineMs = performance.now() + PATIENCE_MS;
  for (;;) {
    try {
      return await call();
    } catch (error) {
      const passes = error instanceof SpillwayError && (error.status === 503 || error.status === undefined);
      if (!passes || performance.now() > deadlineMs) throw error;
    }
  }
}

/** Process ids by name; Redis apart, a fault of Redis must not change any. */
export const pidsOf = ({ platform }: TestPlatform): Readonly<Record<string, number>> =>
  Object.fromEntries(
    platform
      .children()
      .filter(({ name }) => name !== 'redis')
      .map(({ name, pid }) => [name, pid]),
  );

/** Lines in which a process says that it failed. */
export const failuresOf = ({ platform }: TestPlatform): readonly string[] =>
  readdirSync(platform.logsDir).flatMap((file) =>
    readFileSync(join(platform.logsDir, file), 'utf8')
      .split('\n')
      .filter((line) => line.includes('process.failed') || line.includes('UnhandledPromiseRejection')),
  );
