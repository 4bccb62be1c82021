import { randomUUID } from 'node:crypto';
import { idFromUuid, type TenantId } from '@spillway/core';
import type { Claim } from '@spillway/redis';

/** The first attempt of an open chat job, begun at instant 0 with a minute to its deadline. */
export const aClaim = ({ model = 'house-model', ...changes }: Partial<Claim> = {}): Claim => ({
  lease: {
    jobId: idFromUuid('JobId', randomUUID()),
    fence: 1,
    workerId: idFromUuid('WorkerId', randomUUID()),
  },
  tenantId: 'acme' as TenantId,
  jobClass: 'standard',
  attempt: 1,
  failures: 0,
  rescues: 0,
  dispatchedAtMs: 0,
  predictedFinishAtMs: undefined,
  predictedOutputTokens: undefined,
  estimatedFinishAtMs: undefined,
  startedAtMs: 0,
  attemptTimeoutMs: 30_000,
  deadlineAtMs: 60_000,
  model,
  pinned: false,
  features: {
    endpoint: '/v1/chat/completions',
    strategy: 'auto',
    task: 'chat',
    inputTokens: 10,
    outputTokens: 20,
  },
  request: { model, max_tokens: 8, messages: [{ role: 'user', content: 'hello' }] },
  ...changes,
});
