import { expect, test } from 'vitest';
import { couldServe } from './could-serve.ts';
import { aBackend, aCloud, aJob, MODEL, NOW_MS, POLICY } from './snapshot.fixtures.ts';
import type { BackendView } from './snapshot.ts';

test('a full, ailing backend could still run the job; one of another endpoint, kind or size never', () => {
  const job = aJob(1, { strategy: 'self_hosted_only' });
  const could = (backend: BackendView): boolean =>
    couldServe(job, backend, { models: [MODEL], policy: POLICY });
  const ailing = aBackend('gpu-0', {
    held: 4,
    coolingUntilMs: NOW_MS + 1,
    health: { kind: 'down', forMs: 1, because: 'no heartbeat' },
  });
  expect(could(ailing)).toBe(true);
  expect(could(aBackend('gpu-0', { endpoints: ['/v1/embeddings'] }))).toBe(false);
  expect(could(aBackend('gpu-0', { models: ['other'] }))).toBe(false);
  expect(could(aCloud('cloud-0'))).toBe(false);
  expect(could(aBackend('gpu-0', { contextTokens: 154 }))).toBe(false);
});
