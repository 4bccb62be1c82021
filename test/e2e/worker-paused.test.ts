import { expect, test } from 'vitest';
import { collectLoad, submitLoad } from '../src/mixed-load.ts';
import { startTestPlatform } from '../src/test-platform.ts';

const JOBS = 300;
const SLOTS = 16;
const RESCUE_WITHIN_SECONDS = 15;

test('a gpu-worker that is stopped loses its jobs within 15 s, and settles none of them when it wakes up', async () => {
  await using house = await startTestPlatform({ speed: 5, slots: SLOTS, cloudSlots: 16 });
  const submitted = await submitLoad(house.clients, { jobs: JOBS, maxTokens: 64 });
  const [client] = house.clients;
  if (client === undefined) throw new Error('no client');
  await expect.poll(() => house.engine.stats().running, { interval: 5, timeout: 30_000 }).toBe(SLOTS);
  const worker = house.platform.children().find((child) => child.name.startsWith('gpu-worker'));
  const pid = worker?.pid;
  expect(house.platform.kill(worker?.name ?? '', 'SIGSTOP')).toBe(true);
  const stoppedAtMs = Date.now();

  const running = (await client.list({ status: 'running', limit: 100 })).data.filter(
    ({ attempts }) => attempts.at(-1)?.backend === 'gpu-0',
  );
  expect(running.length).toBeGreaterThan(0);
  const lostOf = async (): Promise<readonly number[]> => {
    const jobs = await Promise.all(running.map(({ id }) => client.get(id)));
    return jobs.flatMap(({ attempts }) => {
      const lost = attempts.find(({ outcome }) => outcome === 'worker_lost');
      return lost?.finished_at ? [(Date.parse(lost.finished_at) - stoppedAtMs) / 1000] : [];
    });
  };
  await expect.poll(async () => (await lostOf()).length, { timeout: 20_000 }).toBe(running.length);
  const slowest = Math.max(...(await lostOf()));
  console.log(`${running.length} jobs taken from the stopped worker, the last after ${slowest.toFixed(1)} s`);
  expect(slowest).toBeLessThan(RESCUE_WITHIN_SECONDS);

  // the engine has answered all of them by now: what it said waits in the sockets of the stopped process
  expect(house.platform.kill(worker?.name ?? '', 'SIGCONT')).toBe(true);
  const ended = await collectLoad(submitted, 120_000);
  expect(ended.map((job) => job.status).filter((status) => status !== 'completed')).toEqual([]);
  for (const [index, job] of ended.entries()) {
    expect(JSON.stringify(job.result?.body)).toContain(submitted[index]?.digest);
    expect(job.attempts.filter((attempt) => attempt.outcome === 'completed')).toHaveLength(1);
  }
  for (const { id } of running) {
    const { attempts } = await client.get(id);
    expect(attempts[0]?.outcome).toBe('worker_lost');
    expect(attempts.at(-1)?.outcome).toBe('completed');
  }
  const now = house.platform.children().find((child) => child.name.startsWith('gpu-worker'));
  expect(now?.pid, 'it went on in the same process').toBe(pid);
  expect(house.engine.stats().peakInFlight).toBeLessThanOrEqual(SLOTS);
});
