import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { collectLoad, submitLoad } from '../src/mixed-load.ts';
import { startTestPlatform, type TestPlatform } from '../src/test-platform.ts';

const JOBS = 400;
const LEADS_WITHIN_SECONDS = 5;

interface Leadership {
  readonly name: string;
  readonly event: 'leadership.taken' | 'leadership.lost';
  readonly epoch: number;
  readonly atMs: number;
}

/** Every change of leadership so far, oldest first, as the schedulers logged it. */
async function changesOf({ platform }: TestPlatform): Promise<readonly Leadership[]> {
  const names = ['scheduler', 'scheduler-2'];
  const texts = await Promise.all(
    names.map((name) => readFile(join(platform.logsDir, `${name}.log`), 'utf8')),
  );
  return texts
    .flatMap((text, index) =>
      text
        .split('\n')
        .filter((line) => line.includes('"leadership.'))
        .map((line): Leadership => {
          const { event, epoch, time } = JSON.parse(line) as Pick<Leadership, 'event' | 'epoch'> & {
            time: string;
          };
          return { name: names[index] ?? '', event, epoch, atMs: Date.parse(time) };
        }),
    )
    .toSorted((a, b) => a.atMs - b.atMs);
}

const leaderOf = async (house: TestPlatform): Promise<Leadership> => {
  const taken = (await changesOf(house)).findLast(({ event }) => event === 'leadership.taken');
  if (taken === undefined) throw new Error('nobody leads');
  return taken;
};

test('a standby leads within 5 s of kill -9, a leader that was stopped commits nothing late, no job ends twice', async () => {
  await using house = await startTestPlatform({ speed: 10, slots: 8, replicas: { scheduler: 2 } });
  const submitted = await submitLoad(house.clients, { jobs: JOBS, maxTokens: 32 });

  const first = await leaderOf(house);
  const killedAtMs = Date.now();
  expect(house.platform.kill(first.name, 'SIGKILL')).toBe(true);
  await expect
    .poll(async () => (await leaderOf(house)).epoch, { timeout: 10_000 })
    .toBeGreaterThan(first.epoch);
  const second = await leaderOf(house);
  const seconds = (second.atMs - killedAtMs) / 1000;
  console.log(`${second.name} leads ${seconds.toFixed(1)} s after the kill`);
  expect(seconds).toBeLessThan(LEADS_WITHIN_SECONDS);

  // frozen in the middle of its work; when it wakes, another one has led for a while
  expect(house.platform.kill(second.name, 'SIGSTOP')).toBe(true);
  await expect
    .poll(async () => (await leaderOf(house)).epoch, { timeout: 15_000 })
    .toBeGreaterThan(second.epoch);
  expect(house.platform.kill(second.name, 'SIGCONT')).toBe(true);
  await expect
    .poll(async () =>
      (await changesOf(house)).some(
        ({ name, event, epoch }) =>
          name === second.name && event === 'leadership.lost' && epoch === second.epoch,
      ),
    )
    .toBe(true);

  const ended = await collectLoad(submitted, 120_000);
  expect(ended.map((job) => job.status).filter((status) => status !== 'completed')).toEqual([]);
  for (const [index, job] of ended.entries()) {
    expect(JSON.stringify(job.result?.body)).toContain(submitted[index]?.digest);
    expect(job.attempts).toHaveLength(1);
  }
  expect(house.engine.stats().peakInFlight).toBeLessThanOrEqual(8);
});
