import { idFromUuid, type TenantId } from '@spillway/core';
import type { JobRecord } from '@spillway/redis';

/** A queued job of `acme`, as the store has it. */
export const aJobRecord = (changes: Partial<JobRecord> = {}): JobRecord => ({
  id: idFromUuid('JobId', '01990000-0000-7000-8000-000000000001'),
  tenantId: 'acme' as TenantId,
  lane: { jobClass: 'standard', modelGroup: 'small', tenantId: 'acme' as TenantId, pinned: false },
  state: 'queued',
  version: 3,
  fence: 0,
  features: {
    endpoint: '/v1/chat/completions',
    strategy: 'auto',
    task: '*',
    inputTokens: 1,
    outputTokens: 1,
  },
  description: { findings: [], metadata: null },
  place: undefined,
  createdAtMs: Date.UTC(2030, 0, 1),
  deadlineAtMs: Date.UTC(2030, 0, 2),
  startedAtMs: undefined,
  finishedAtMs: undefined,
  predictedFinishAtMs: undefined,
  attempts: [],
  result: undefined,
  usage: undefined,
  servedBy: undefined,
  error: undefined,
  ...changes,
});
