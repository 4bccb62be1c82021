import { explanationSchema } from '@spillway/contracts';
import { describe, expect, test } from 'vitest';
import { openTestApi, type TestApi } from '../testing/open-test-api.ts';
import { chat } from '../testing/samples.ts';

const explain = (api: TestApi, body: unknown = chat(), tenant: 'acme' | 'other' | null = 'acme') =>
  api.ask('/v1/jobs/explain', { method: 'POST', body, tenant });

async function explained(api: TestApi, body?: unknown) {
  const answer = await explain(api, body);
  expect(answer.status).toBe(200);
  return explanationSchema.parse(answer.body);
}

describe('200: what would happen to the job now', () => {
  test('with a worker that has room it would run there, and nothing of it is kept', async () => {
    await using api = await openTestApi();
    await api.life.beat('local');
    const { decision, queue_position: position, estimated_finish_at: at } = await explained(api);
    expect(position).toBeNull();
    expect(decision).toMatchObject({
      action: 'assign',
      backend: 'gpu-0',
      config_version: 'sha256:00',
      epoch: 0,
    });
    expect(Date.parse(at ?? '')).toBeGreaterThan(Date.parse(decision.at));
    expect(await api.storedJobs()).toEqual([]);
  });

  test('while no worker is there it would wait behind the others, whoever they belong to', async () => {
    await using api = await openTestApi();
    await api.submit(chat('mine'));
    await api.submit(chat('theirs'), {}, 'other');
    const { decision, queue_position: position } = await explained(api);
    expect([decision.action, position]).toEqual(['hold', 3]);
    expect(decision.queue.depth).toBe(3);
    expect(JSON.stringify(decision)).not.toContain('"other"');
    expect(await api.storedJobs()).toHaveLength(2);
  });

  test('a pinned job is told why the cloud is none for it', async () => {
    await using api = await openTestApi();
    await api.life.beat('cloud');
    const { decision } = await explained(api, chat('Hello.', { privacy: 'local_only' }));
    expect(decision.features.pinned).toBe(true);
    expect(decision.candidates).toContainEqual(
      expect.objectContaining({ backend: 'cloud-0', refused_by: 'PRIVACY_PIN' }),
    );
  });

  test('what it says of the job is what a submission would make of it', async () => {
    await using api = await openTestApi();
    await api.life.beat('local');
    const body = chat('Hello.', { class: 'batch', strategy: 'cost', task: 'invoice', deadline_seconds: 900 });
    const { decision } = await explained(api, body);
    expect(decision).toMatchObject({
      order: { class: 'batch', deadline_in_ms: 900_000, waited_ms: 0 },
      features: { model: 'small', strategy: 'cost', task: 'invoice' },
    });
  });
});

describe('400: what a submission would be refused for', () => {
  test.each([
    ['a field that is not known', chat('x', { colour: 'red' }), 'invalid-request'],
    ['a task that is no label', chat('x', { task: 'Two words' }), 'invalid-request'],
    [
      'cloud_only of a pinned job',
      chat('x', { strategy: 'cloud_only', privacy: 'local_only' }),
      'invalid-request',
    ],
    ['a model that nobody serves', { request: { model: 'huge', messages: [] } }, 'model-not-found'],
    ['what is no JSON', 'no JSON', 'malformed-json'],
  ])('%s', async (_what, body, code) => {
    await using api = await openTestApi();
    const headers = { 'content-type': 'application/json' };
    const answer = await api.ask('/v1/jobs/explain', { method: 'POST', body, headers });
    expect([answer.status, answer.body]).toMatchObject([400, { code }]);
  });
});

describe('401: no key', () => {
  test('tells nothing', async () => {
    await using api = await openTestApi();
    expect((await explain(api, chat(), null)).status).toBe(401);
  });
});
