import { problemSchema } from '@spillway/contracts';
import { createLogger } from '@spillway/service-kit';
import { Hono } from 'hono';
import { HTTPException } from 'hono/http-exception';
import { describe, expect, test } from 'vitest';
import { Problem } from './problem.ts';
import { renderProblem } from './render-problem.ts';

async function answerTo(error: Error, contentType = 'application/json') {
  const log: string[] = [];
  const logger = createLogger('test', { level: 'info', write: (line) => log.push(line) });
  const app = new Hono();
  app.onError((thrown, context) => renderProblem(thrown, context, logger));
  app.post('/', () => {
    throw error;
  });
  const response = await app.request('/', { method: 'POST', headers: { 'content-type': contentType } });
  return { response, problem: problemSchema.parse(await response.json()), log };
}

test('a problem is rendered with its row of the table, its headers and its errors', async () => {
  const thrown = new Problem('tenant-quota-exceeded', 'come back later', {
    errors: [{ path: 'a', message: 'b' }],
    headers: { 'retry-after': '5' },
  });
  const { response, problem, log } = await answerTo(thrown);
  expect([
    response.status,
    response.headers.get('retry-after'),
    response.headers.get('content-type'),
  ]).toEqual([429, '5', 'application/problem+json']);
  expect(problem).toEqual({
    type: 'urn:spillway:problem:tenant-quota-exceeded',
    title: 'The tenant has as many queued jobs as it may',
    status: 429,
    code: 'tenant-quota-exceeded',
    detail: 'come back later',
    errors: [{ path: 'a', message: 'b' }],
  });
  expect(log).toEqual([]);
});

test('a bug is a 500 whose text goes to the log and not to the client', async () => {
  const { response, problem, log } = await answerTo(new TypeError('cannot read the price of undefined'));
  expect([response.status, problem.code]).toEqual([500, 'internal-error']);
  expect(JSON.stringify(problem)).not.toContain('price');
  expect(log.map((line) => JSON.parse(line) as unknown)).toMatchObject([
    { event: 'request.failed', level: 'error', error: { message: 'cannot read the price of undefined' } },
  ]);
});

test.each(['OOM command not allowed when used memory', 'READONLY You can’t write', 'Command timed out'])(
  'a store that says %j is a 503 to come back after',
  async (message) => {
    const { response, problem, log } = await answerTo(new Error(message));
    expect([response.status, problem.code, response.headers.get('retry-after')]).toEqual([
      503,
      'store-unavailable',
      '2',
    ]);
    expect(log).toEqual([]);
  },
);

test.each([
  [400, 'application/json; charset=utf-8', 'malformed-json'],
  [400, 'multipart/form-data; boundary=x', 'invalid-request'],
  [415, 'text/plain', 'unsupported-media-type'],
] as const)('what the framework answers %i to %s is %s, in our words', async (status, contentType, code) => {
  const { problem } = await answerTo(new HTTPException(status, { message: 'inner words' }), contentType);
  expect(problem).toMatchObject({ status, code });
  expect(problem.detail).not.toContain('inner words');
});

describe.each([
  ['/v1/files', 'x-request-id'],
  ['/v1/messages/batches', 'request-id'],
  ['/v1/jobs', 'x-request-id'],
])('%s', (path, header) => {
  test('tells the id of the request, and that a conflict is for good', async () => {
    const logger = createLogger('test', { level: 'info', write: () => undefined });
    const app = new Hono();
    app.onError((thrown, context) => renderProblem(thrown, context, logger));
    app.post(path, () => {
      throw new Problem('file-in-use', 'wait');
    });
    const response = await app.request(path, { method: 'POST' });
    expect(response.headers.get(header)).toMatch(/^req_/);
    expect(response.headers.get('x-should-retry')).toBe('false');
  });
});
