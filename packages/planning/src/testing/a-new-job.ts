import { DEFAULT_POLICY, type JobId } from '@spillway/core';
import type { NewJob } from '@spillway/redis';
import { acme, MODEL } from './fixtures.ts';

/** An admitted job of `acme`, which nobody has written yet. */
export const aNewJob = (changes: Partial<NewJob> = {}): NewJob => ({
  id: `job_${'9'.repeat(26)}` as JobId,
  lane: { jobClass: 'standard', modelGroup: MODEL, tenantId: acme, pinned: false },
  startWithinMs: undefined,
  deadlineMs: 60_000,
  maxWaitMs: DEFAULT_POLICY.maxWaitMs.standard,
  attemptTimeoutMs: 30_000,
  retainMs: 60_000,
  features: {
    endpoint: '/v1/chat/completions',
    strategy: 'auto',
    task: '*',
    inputTokens: 100,
    outputTokens: 50,
    prefix: [],
  },
  description: { findings: [], metadata: null },
  webhook: undefined,
  request: '{}',
  ...changes,
});
