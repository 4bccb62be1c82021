import { expect, test } from 'vitest';
import { collectLoad, submitLoad } from '../src/mixed-load.ts';
import { startTestPlatform } from '../src/test-platform.ts';

const JOBS = 2000;
const SLOTS = 16;
const RESCUE_WITHIN_SECONDS = 15;

test('kill -9 of a gpu-worker with 16 jobs running: every job ends once, the rescued ones within 15 s', async () => {
  await using house = await startTestPlatform({ speed: 30, slots: SLOTS, cloudSlots: 16 });
  const submitted = await submitLoad(house.clients, { jobs: JOBS, maxTokens: 64 });
  const [client] = house.clients;
  if (client === undefined) throw new Error('no client');

  await expect.poll(() => house.engine.stats().running, { interval: 5, timeout: 10_000 }).toBe(SLOTS);
  const worker = house.platform.children().find((child) => child.name.startsWith('gpu-worker'));
  expect(house.platform.kill(worker?.name ?? '', 'SIGKILL')).toBe(true);
  const killedAtMs = Date.now();

  const ended = await collectLoad(submitted, 150_000);
  expect(ended.map((job) => job.status).filter((status) => status !== 'completed')).toEqual([]);
  for (const [index, job] of ended.entries()) {
    expect(JSON.stringify(job.result?.body)).toContain(submitted[index]?.digest);
    expect(job.attempts.filter((attempt) => attempt.outcome === 'completed')).toHaveLength(1);
  }

  const rescued = ended.filter((job) => job.attempts.some((attempt) => attempt.outcome === 'worker_lost'));
  expect(rescued.length).toBeGreaterThan(0);
  expect(rescued.length).toBeLessThanOrEqual(SLOTS);
  const backAfterSeconds = rescued
    .map((job) => (Date.parse(job.attempts[1]?.started_at ?? '') - killedAtMs) / 1000)
    .toSorted((a, b) => a - b);
  console.log(
    `rescued ${rescued.length} of ${SLOTS} running jobs; first running again after ${backAfterSeconds[0]?.toFixed(1)} s, ` +
      `last after ${backAfterSeconds.at(-1)?.toFixed(1)} s`,
  );
  expect(backAfterSeconds[0]).toBeLessThanOrEqual(RESCUE_WITHIN_SECONDS);
  expect(house.engine.stats().peakInFlight).toBeLessThanOrEqual(SLOTS);
});
