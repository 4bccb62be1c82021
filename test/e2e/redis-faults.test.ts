import { Redis } from 'ioredis';
import { afterAll, beforeAll, describe, expect, onTestFinished, test, vi } from 'vitest';
import { startTestPlatform, type TestPlatform } from '../src/test-platform.ts';
import { failuresOf, type Load, pidsOf, startLoad } from './redis/load.ts';
import { openReceiver } from './redis/open-receiver.ts';
import { startWatchedPair } from './redis/start-pair.ts';

const JOBS = 300;
/** Accepted when the fault begins; by then every slot is taken. */
const BEFORE = 60;
const SLOTS = 16;
const FROZEN_MS = 20_000;
const BUSY_MS = 8000;
/** A message whose taker never heard that it was given it is taken again within 25 s. */
const TOLD_WITHIN_MS = 60_000;

const settings = { speed: 20, slots: SLOTS, cloudSlots: 8 } as const;

/** A load with a fault in its midst. Afterwards: */
async function expectUnharmed(
  house: TestPlatform,
  name: string,
  fault: (load: Load) => Promise<void>,
): Promise<void> {
  await using receiver = await openReceiver();
  const [client] = house.clients;
  if (client === undefined) throw new Error('no client');
  const pids = pidsOf(house);
  const load = startLoad(client, { jobs: JOBS, name, webhookUrl: receiver.url });
  await load.accepted(BEFORE);
  const startedAtMs = performance.now();
  const secondsSince = (): string => ((performance.now() - startedAtMs) / 1000).toFixed(1);
  await fault(load);
  const faultSeconds = secondsSince();
  const ended = await load.ended();
  const endedSeconds = secondsSince();

  expect(new Set(ended.map(({ job }) => job.id)).size, 'every submission is one job').toBe(JOBS);
  for (const { job, digest } of ended) {
    expect([job.id, job.status, job.error]).toEqual([job.id, 'completed', null]);
    expect(JSON.stringify(job.result?.body), 'the answer is to its own request').toContain(digest);
    expect(job.attempts.filter((attempt) => attempt.outcome === 'completed')).toHaveLength(1);
  }
  expect(pidsOf(house), 'no process ended').toEqual(pids);
  expect(failuresOf(house)).toEqual([]);
  expect(house.engine.stats().peakInFlight).toBeLessThanOrEqual(SLOTS);
  await vi.waitUntil(() => receiver.told.size === JOBS, { timeout: TOLD_WITHIN_MS });
  console.log(
    `${name}: the fault took ${faultSeconds} s; all had ended after ${endedSeconds} s and were told of after ` +
      `${secondsSince()} s; further attempts: ${sum(ended.map(({ job }) => job.attempts.length - 1))}, events told ` +
      `again: ${sum([...receiver.told.values()].map((times) => times - 1))}`,
  );
}

const sum = (numbers: readonly number[]): number => numbers.reduce((total, number) => total + number, 0);

describe('under load', () => {
  let house: TestPlatform;
  beforeAll(async () => {
    house = await startTestPlatform(settings);
  });
  afterAll(() => house[Symbol.asyncDispose]());

  test('Redis is killed and started again', async () => {
    const redisPid = (): number => house.platform.children().find(({ name }) => name === 'redis')?.pid ?? 0;
    const before = redisPid();
    await expectUnharmed(house, 'killed', async () => {
      expect(house.platform.kill('redis', 'SIGKILL')).toBe(true);
      await vi.waitUntil(() => redisPid() !== 0 && redisPid() !== before, { timeout: 20_000 });
    });
  });

  test('Redis is frozen for 20 s', async () => {
    await expectUnharmed(house, 'frozen', async () => {
      expect(house.platform.kill('redis', 'SIGSTOP')).toBe(true);
      await new Promise((resolve) => setTimeout(resolve, FROZEN_MS));
      house.platform.kill('redis', 'SIGCONT');
    });
  });

  test('Redis has no memory left for a while: submissions answer 503, what was taken goes on', async () => {
    const admin = new Redis(house.platform.redisUrl);
    const [, limit] = (await admin.config('GET', 'maxmemory')) as [string, string];
    await expectUnharmed(house, 'full', async () => {
      await admin.config('SET', 'maxmemory', 1);
      const headers = { authorization: `Bearer ${house.apiKeys[0]}`, 'content-type': 'application/json' };
      const body = JSON.stringify({
        request: { model: 'auto', messages: [{ role: 'user', content: 'Hi' }] },
      });
      const answer = await fetch(`${house.platform.apiUrl}/v1/jobs`, { method: 'POST', headers, body });
      expect([answer.status, answer.headers.get('content-type')]).toEqual([503, 'application/problem+json']);
      expect(Number(answer.headers.get('retry-after'))).toBeGreaterThan(0);
      expect(await answer.json()).toMatchObject({ code: 'store-unavailable', status: 503 });
      const [client] = house.clients;
      const waiting = async (): Promise<number> =>
        (await client?.list({ status: 'queued', limit: 100 }))?.data.length ?? 0;
      await vi.waitUntil(async () => (await waiting()) === 0, { timeout: 30_000 });
      await admin.config('SET', 'maxmemory', limit);
    });
    admin.disconnect();
  });

  test('a script keeps Redis busy until it is killed', async () => {
    const rogue = new Redis(house.platform.redisUrl);
    const killer = new Redis(house.platform.redisUrl);
    await expectUnharmed(house, 'busy', async () => {
      const looping = rogue.eval('while true do end', 0).catch((error: unknown) => String(error));
      await new Promise((resolve) => setTimeout(resolve, BUSY_MS));
      await killer.script('KILL');
      expect(await looping).toContain('killed');
    });
    rogue.disconnect();
    killer.disconnect();
  });
});

test('the master is killed under load, its replica takes over, and nothing acknowledged is lost', async () => {
  await using pair = await startWatchedPair();
  onTestFinished(() => void vi.unstubAllEnvs());
  vi.stubEnv('REDIS_URL', pair.url);
  vi.stubEnv('REDIS_REPLICAS', '1');
  await using house = await startTestPlatform(settings);
  expect(house.platform.redisUrl).toBe(pair.url);
  await expectUnharmed(house, 'failed over', async () => {
    pair.master.kill('SIGKILL');
    await vi.waitUntil(async () => (await pair.replica.admin.role())[0] === 'master', { timeout: 20_000 });
    // A write must be on two servers, so all waits for the old one to come back as a replica.
    await pair.master.restart();
    await pair.master.admin.replicaof('127.0.0.1', pair.replica.port);
  });
});
