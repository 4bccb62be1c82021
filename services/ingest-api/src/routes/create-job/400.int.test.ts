import { afterAll, describe, expect, test } from 'vitest';
import { openTestApi } from '../../testing/open-test-api.ts';
import { chat } from '../../testing/samples.ts';

const nested = (levels: number): string => '['.repeat(levels) + ']'.repeat(levels);
const withExtra = (json: string): string => `{"request":{"model":"small","extra":${json}}}`;
const CARD = 'Card 4111 1111 1111 1111';

// One for all: nothing that is refused may leave anything behind.
const api = await openTestApi();
afterAll(() => api[Symbol.asyncDispose]());

describe('400: the request is refused before anything is written', () => {
  test.each([
    ['an unknown field', { ...chat(), priority: 9 }, ['priority']],
    [
      'an unknown field of the webhook',
      chat('x', { webhook: { url: 'https://example.com', to: 1 } }),
      ['webhook.to'],
    ],
    [
      'several mistakes',
      chat('x', { class: 'urgent', deadline_seconds: 0.5 }),
      ['class', 'deadline_seconds'],
    ],
    ['no request', {}, ['request']],
    ['a request without a model', { request: {} }, ['request.model']],
    ['an empty model', { request: { model: '' } }, ['request.model']],
    ['a very long model', { request: { model: 'm'.repeat(10_000) } }, ['request.model']],
    ['a model nobody serves', { request: { model: 'large' } }, ['request.model']],
    ['a model by the name of a part of every object', { request: { model: '__proto__' } }, ['request.model']],
    ['half a character as a model', { request: { model: '\ud800' } }, ['request.model']],
    ['a list', [chat()], ['']],
    ['null', 'null', ['']],
    ['a webhook that is no URL', chat('x', { webhook: { url: 'ftp://example.com' } }), ['webhook.url']],
    ['a value of metadata that is no text', chat('x', { metadata: { a: 1 } }), ['metadata.a']],
    ['a pin and cloud_only', chat(CARD, { strategy: 'cloud_only' }), ['strategy']],
    ['local_only and cloud_only', chat('x', { privacy: 'local_only', strategy: 'cloud_only' }), ['strategy']],
    ['a request 201 levels deep', withExtra(nested(200)), ['request']],
    ['a request 100,000 levels deep', withExtra(nested(100_000)), ['request']],
    ['a number beyond any double', withExtra('[{"a":-1e999}]'), ['request']],
    ['a field with an endless name', { ...chat(), ['x'.repeat(100_000)]: 1 }, [`${'x'.repeat(200)}…`]],
  ])('%s, with the path of each mistake', async (_what, body, paths) => {
    const headers = { 'content-type': 'application/json' };
    const answer = await api.ask('/v1/jobs', { method: 'POST', body, headers });
    expect(answer.status).toBe(400);
    expect(answer.body).toMatchObject({ errors: paths.map((path) => ({ path })) });
    expect(answer.text.length).toBeLessThan(4000);
    expect(await api.storedJobs()).toEqual([]);
    expect(api.log).toEqual([]);
  });

  test.each([
    ['a cut off text', '{"request":'],
    ['nothing', ''],
    ['NaN', '{"request":{"model":"small","temperature":NaN}}'],
    ['Infinity', '{"request":{"model":"small","temperature":Infinity}}'],
    ['brackets without an end', '['.repeat(100_000)],
  ])('%s is no JSON', async (_what, body) => {
    const headers = { 'content-type': 'application/json' };
    const answer = await api.ask('/v1/jobs', { method: 'POST', body, headers });
    expect([answer.status, answer.body]).toMatchObject([
      400,
      { code: 'malformed-json', detail: 'the body is not valid JSON' },
    ]);
  });

  test.each(['', 'a', '-1', '1.5', '1e3', '0x10', '99999999999', '1&max_queue_length=2'])(
    'max_queue_length=%s is no whole number',
    async (value) => {
      const path = `/v1/jobs?max_queue_length=${value}`;
      const answer = await api.ask(path, { method: 'POST', body: chat() });
      expect([answer.status, answer.body]).toMatchObject([400, { errors: [{ path: 'max_queue_length' }] }]);
    },
  );

  test('an unknown parameter of the query is refused by its name', async () => {
    const answer = await api.ask('/v1/jobs?max_queue_lenght=5', { method: 'POST', body: chat() });
    expect([answer.status, answer.body]).toMatchObject([400, { errors: [{ path: 'max_queue_lenght' }] }]);
  });

  test.each([
    ['empty', ''],
    ['longer than 255 characters', 'k'.repeat(256)],
  ])('an Idempotency-Key that is %s is refused', async (_what, key) => {
    const answer = await api.ask('/v1/jobs', {
      method: 'POST',
      body: chat(),
      headers: { 'idempotency-key': key },
    });
    expect([answer.status, answer.body]).toMatchObject([400, { code: 'invalid-request' }]);
    expect(await api.storedJobs()).toEqual([]);
  });
});
