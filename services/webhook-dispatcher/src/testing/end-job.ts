import { randomUUID } from 'node:crypto';
import { type EventId, idFromUuid, type JobId, type TenantId } from '@spillway/core';
import type { WebhookTarget } from '@spillway/contracts';
import { createCancelJob, createSubmitJob } from '@spillway/redis';
import type { TestStore } from '@spillway/redis/testing';

const tenant = 'acme' as TenantId;

/** Submits a job and cancels it, the shortest way to an entry in the outbox: `job.cancelled`. */
export async function endJob({ redis, keys }: TestStore, webhook: WebhookTarget | undefined): Promise<JobId> {
  const id = idFromUuid('JobId', randomUUID());
  await createSubmitJob(redis, keys)(
    {
      id,
      lane: { jobClass: 'standard', modelGroup: 'llama3.2:3b', tenantId: tenant, pinned: false },
      startWithinMs: undefined,
      deadlineMs: 60_000,
      maxWaitMs: 60_000,
      attemptTimeoutMs: 30_000,
      retainMs: 60_000,
      features: {
        endpoint: '/v1/chat/completions',
        strategy: 'auto',
        inputTokens: 1,
        outputTokens: 1,
        task: 'chat',
        prefix: [],
      },
      description: { findings: [], metadata: null },
      webhook,
      request: '{"model":"llama3.2:3b"}',
    },
    { maxQueuedJobs: 10, maxQueueLength: undefined },
    undefined,
  );
  await createCancelJob(redis, keys)(id, tenant);
  return id;
}

/** The event that tells of a job's end. */
export const eventIdOf = (id: JobId): EventId => `evt_${id.slice('job_'.length)}` as EventId;
