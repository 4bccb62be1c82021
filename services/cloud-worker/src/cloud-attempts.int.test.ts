import { configSchema } from '@spillway/contracts';
import type { BackendId, JobId } from '@spillway/core';
import { simulatedDigest } from '@spillway/engine-sim';
import type { JobRecord } from '@spillway/redis';
import { describe, expect, test } from 'vitest';
import { anthropic, type Cloud, KEY, MODEL, openai, openRunningCloud } from './testing/open-cloud.ts';

const PROMPT = 'A prompt that nobody may read in a log.';

/** Submits a job, dispatches it, and waits until its first attempt has ended. */
async function attemptOnce({ cell }: Cloud, backend: BackendId): Promise<JobId> {
  const id = await cell.submit({ model: MODEL, prompt: PROMPT });
  await cell.dispatch(backend, id);
  await expect.poll(async () => (await cell.read(id)).attempts[0]?.end, { timeout: 5000 }).toBeDefined();
  return id;
}

/** Runs a job whose first attempt failed once more, there, to its answer. */
async function answerAt({ cell }: Cloud, id: JobId, backend: BackendId): Promise<JobRecord> {
  await cell.dispatch(backend, id);
  return cell.until(id, 'completed');
}

/** For how long the backend is still left alone, in ms. */
async function coolingMs({ cell }: Cloud, id: BackendId): Promise<number> {
  const state = await cell.backend(id);
  return (state?.coolingUntilMs ?? 0) - Date.now();
}
const endOf = (record: JobRecord, attempt: number) => record.attempts[attempt]?.end;

describe.each([
  ['OpenAI', openai],
  ['Anthropic', anthropic],
] as const)('a job at %s, through its official client', (_vendor, backend) => {
  test('is answered, with what it used and what it cost', async () => {
    await using cloud = await openRunningCloud();
    const id = await attemptOnce(cloud, backend);
    const record = await cloud.cell.read(id);
    expect(record).toMatchObject({
      state: 'completed',
      servedBy: { backend, location: 'cloud', model: MODEL, simulated: true },
      result: { statusCode: 200, body: { object: 'chat.completion' } },
      attempts: [{ backendId: backend, end: { outcome: 'completed' } }],
    });
    expect(record.usage?.inputTokens).toBeGreaterThan(0);
    expect(record.usage?.outputTokens).toBeGreaterThan(0);
    expect(record.usage?.costMicroUsd).toBeGreaterThan(0);
    expect(cloud.sim.stats().digestsSeen).toEqual([simulatedDigest(PROMPT)]);
  });

  test('that is told to wait cools the backend for as long, and is answered by another one', async () => {
    await using cloud = await openRunningCloud();
    await cloud.play({ kind: 'rate-limit-429', retry_after_seconds: 20, times: 1 });
    const id = await attemptOnce(cloud, backend);
    expect(endOf(await cloud.cell.read(id), 0)).toMatchObject({
      outcome: 'failed',
      code: 'backend-overloaded',
    });
    expect(await coolingMs(cloud, backend)).toBeGreaterThan(15_000);
    expect(await coolingMs(cloud, backend)).toBeLessThanOrEqual(20_000);
    const other = backend === openai ? anthropic : openai;
    expect(await answerAt(cloud, id, other)).toMatchObject({
      servedBy: { backend: other },
      attempts: [{ backendId: backend }, { backendId: other, end: { outcome: 'completed' } }],
    });
    expect(await cloud.cell.redis.hget(cloud.cell.keys.job(id), 'excluded')).toBe(backend);
  });

  test('whose account has no money left cools it for a minute, and is answered elsewhere', async () => {
    await using cloud = await openRunningCloud();
    await cloud.play({ kind: 'insufficient-quota', times: 1 });
    const id = await attemptOnce(cloud, backend);
    expect(endOf(await cloud.cell.read(id), 0)).toMatchObject({ code: 'backend-quota-exhausted' });
    expect(await coolingMs(cloud, backend)).toBeGreaterThan(55_000);
    expect(await coolingMs(cloud, backend)).toBeLessThanOrEqual(60_000);
    const other = backend === openai ? anthropic : openai;
    expect((await answerAt(cloud, id, other)).attempts).toHaveLength(2);
  });

  test('whose provider is overloaded leaves it alone for a while and tries again', async () => {
    await using cloud = await openRunningCloud();
    await cloud.play({ kind: 'overloaded-529', times: 1 });
    const id = await attemptOnce(cloud, backend);
    expect(endOf(await cloud.cell.read(id), 0)).toMatchObject({ code: 'backend-overloaded' });
    expect(await coolingMs(cloud, backend)).toBeGreaterThan(0);
    expect((await answerAt(cloud, id, backend)).attempts).toHaveLength(2);
  });

  test('that gets what is no JSON takes it for no answer and tries again', async () => {
    await using cloud = await openRunningCloud();
    await cloud.play({ kind: 'broken-json', times: 1 });
    const id = await attemptOnce(cloud, backend);
    expect(endOf(await cloud.cell.read(id), 0)).toMatchObject({ code: 'malformed-answer' });
    expect((await answerAt(cloud, id, backend)).attempts).toHaveLength(2);
  });

  test.each(['drop', 'drop-mid-answer'])(
    'whose connection breaks (%s) is answered by another one',
    async (kind) => {
      await using cloud = await openRunningCloud();
      await cloud.play({ kind, times: 1 });
      const id = await attemptOnce(cloud, backend);
      expect(endOf(await cloud.cell.read(id), 0)).toMatchObject({ code: 'backend-unreachable' });
      const other = backend === openai ? anthropic : openai;
      expect((await answerAt(cloud, id, other)).attempts).toHaveLength(2);
    },
  );

  test('whose key is refused takes the backend down until it is accepted again', async () => {
    await using cloud = await openRunningCloud();
    await cloud.play({ kind: 'unauthorized-401', times: 1 });
    const id = await attemptOnce(cloud, backend);
    expect(endOf(await cloud.cell.read(id), 0)).toMatchObject({ code: 'backend-refused-credentials' });
    await expect
      .poll(async () => (await cloud.cell.backend(backend))?.descriptor.down, { timeout: 3000 })
      .toBeDefined();
  });
});

test('how far answers are from what was learned is shown from the second one on, while the backend is there', async () => {
  await using cloud = await openRunningCloud();
  const errors = async (): Promise<readonly string[]> => {
    const { text } = await cloud.metrics.render();
    return text.split('\n').filter((line) => line.startsWith('cloud_latency_error_ratio_count'));
  };
  await attemptOnce(cloud, openai);
  expect(await errors()).toEqual([]);
  await attemptOnce(cloud, openai);
  expect(await errors()).toEqual([expect.stringMatching(/backend="openai-0".* 1$/)]);
  await cloud.loops.follow(configSchema.parse({}));
  expect(await errors()).toEqual([]);
});

describe('a pinned job', () => {
  test('that was dispatched to a cloud backend is refused at the claim, and its text never leaves', async () => {
    await using cloud = await openRunningCloud();
    const { cell, sim } = cloud;
    const id = await cell.submit({ model: MODEL, prompt: PROMPT, pinned: true });
    await cell.dispatch(openai, id);
    await expect
      .poll(async () => (await cell.metrics.privacyBlocks.get()).values)
      .toMatchObject([{ labels: { stage: 'claim' }, value: 1 }]);
    expect((await cell.read(id)).attempts).toEqual([]);
    expect(sim.stats().digestsSeen).toEqual([]);
  });
});

test('neither keys nor prompts nor answers stand in the log, whatever goes wrong', async () => {
  await using cloud = await openRunningCloud();
  const kinds = [
    'unauthorized-401',
    'error-500',
    'broken-json',
    'drop',
    'insufficient-quota',
    'rate-limit-429',
  ];
  for (const kind of kinds) {
    await cloud.play({ kind, times: 1 });
    await attemptOnce(cloud, openai);
  }
  await attemptOnce(cloud, anthropic);
  await expect.poll(() => cloud.cell.log().match(/"attempt\.finished"/g)).toHaveLength(kinds.length + 1);
  expect(cloud.cell.log()).not.toContain(KEY);
  expect(cloud.cell.log()).not.toContain(PROMPT);
  expect(cloud.cell.log()).not.toContain('[simulated]');
});
