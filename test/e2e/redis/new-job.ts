import { randomUUID } from 'node:crypto';
import { idFromUuid, type TenantId } from '@spillway/core';
import type { NewJob } from '@spillway/redis';

/** A job as an accepted submission makes it, with a request of so many bytes. */
export const newJob = (requestBytes = 200): NewJob => ({
  id: idFromUuid('JobId', randomUUID()),
  lane: { jobClass: 'standard', modelGroup: 'llama', tenantId: 'acme' as TenantId, pinned: false },
  startWithinMs: undefined,
  deadlineMs: 600_000,
  maxWaitMs: 600_000,
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
  webhook: undefined,
  request: JSON.stringify({ model: 'llama', messages: 'x'.repeat(requestBytes) }),
});

export const noLimit = { maxQueuedJobs: 1_000_000, maxQueueLength: undefined };
