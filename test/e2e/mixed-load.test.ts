import { expect, test } from 'vitest';
import { collectLoad, submitLoad } from '../src/mixed-load.ts';
import { startTestPlatform } from '../src/test-platform.ts';

const JOBS = 2000;
const SLOTS = 16;

test('2,000 jobs from 3 tenants all end, within every cap, and pinned ones never reach the cloud', async () => {
  await using house = await startTestPlatform({
    tenants: ['acme', 'globex', 'initech'],
    speed: 60,
    slots: SLOTS,
  });
  const submitted = await submitLoad(house.clients, { jobs: JOBS, maxTokens: 64 });
  const ended = await collectLoad(submitted, 120_000);

  expect(ended.map((job) => job.status).filter((status) => status !== 'completed')).toEqual([]);
  for (const [index, job] of ended.entries()) {
    expect(JSON.stringify(job.result?.body), `${job.id} has the answer to its own request`).toContain(
      submitted[index]?.digest,
    );
    expect(job.attempts.filter((attempt) => attempt.outcome === 'completed')).toHaveLength(1);
  }

  const engine = house.engine.stats();
  expect(engine.peakInFlight, 'the engine never had more than the slots').toBeLessThanOrEqual(SLOTS);
  expect(engine.peakRunning, 'and was kept busy').toBe(SLOTS);

  const atCloud = new Set(house.cloud.stats().digestsSeen);
  const leaked = submitted.filter((job) => job.localOnly && atCloud.has(job.digest));
  expect(leaked).toEqual([]);
  expect(ended.filter((job) => job.privacy.pinned).every((job) => job.served_by?.location === 'local')).toBe(
    true,
  );
  expect(atCloud.size, 'un-pinned jobs did overflow').toBeGreaterThan(0);
});
