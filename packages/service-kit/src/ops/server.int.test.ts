import { Hono } from 'hono';
import { afterEach, expect, test, vi } from 'vitest';
import { createLogger } from '../logging/logger.ts';
import { createMetrics } from './metrics.ts';
import { registerOpsRoutes, type Readiness } from './routes.ts';
import { type OpsServerOptions, startOpsServer } from './server.ts';

const logger = createLogger('test', { level: 'silent' });
const open: { close(): Promise<void> }[] = [];
afterEach(async () => {
  vi.useRealTimers();
  await Promise.all(open.splice(0).map((server) => server.close()));
});

const start = async (ready: () => Promise<Readiness>, options: Partial<OpsServerOptions> = {}) => {
  const metrics = createMetrics('scheduler');
  const server = await startOpsServer({
    port: 0,
    host: '127.0.0.1',
    logger,
    metrics,
    checks: { ready },
    ...options,
  });
  open.push(server);
  return { server, metrics, url: `http://127.0.0.1:${server.port}` };
};

test('live answers 200 whatever readiness says; ready answers 200 or 503 with the reason', async () => {
  const answers: Readiness[] = [{ ok: true }, { ok: false, detail: 'redis does not answer' }];
  const { url } = await start(
    async () => answers.shift() ?? Promise.reject(new Error('password is swordfish')),
  );
  const ask = async (path: string) => {
    const response = await fetch(url + path);
    return [response.status, await response.json()];
  };
  expect(await ask('/health/ready')).toEqual([200, { status: 'ready' }]);
  expect(await ask('/health/ready')).toEqual([503, { status: 'not-ready', detail: 'redis does not answer' }]);
  expect(await ask('/health/ready')).toEqual([503, { status: 'not-ready', detail: 'the check failed' }]);
  expect(await ask('/health/live')).toEqual([200, { status: 'live' }]);
});

test('a readiness check that hangs is answered 503 after two seconds', async () => {
  vi.useFakeTimers();
  const app = new Hono();
  registerOpsRoutes(app, { metrics: createMetrics('test'), checks: { ready: () => new Promise(() => {}) } });
  const asked = app.request('/health/ready');
  await vi.advanceTimersByTimeAsync(2_000);
  expect((await asked).status).toBe(503);
});

test('metrics come in the text format of Prometheus with the service as label', async () => {
  const { url, metrics } = await start(async () => ({ ok: true }));
  metrics.counter('plans_total', 'plans made', ['outcome']).inc({ outcome: 'dispatch' }, 3);
  metrics.gauge('lanes', 'lanes with work').set(2);
  metrics.histogram('plan_seconds', 'length of a plan', [0.01, 0.1]).observe(0.05);
  const response = await fetch(`${url}/metrics`);
  const text = await response.text();
  expect(response.headers.get('content-type')).toContain('text/plain');
  expect(text).toContain('plans_total{outcome="dispatch",service="scheduler"} 3');
  expect(text).toContain('lanes{service="scheduler"} 2');
  expect(text).toContain('plan_seconds_bucket{le="0.1",service="scheduler"} 1');
  expect(text).toContain('process_resident_memory_bytes');
});

test('a port that is taken is refused, and a closed server answers no more', async () => {
  const { server, url } = await start(async () => ({ ok: true }));
  await expect(start(async () => ({ ok: true }), { port: server.port })).rejects.toThrow('EADDRINUSE');
  await server.close();
  await expect(fetch(`${url}/health/live`)).rejects.toThrow('fetch failed');
});

test('closing waits no longer than its grace for an answer that hangs', async () => {
  const { server, url } = await start(() => new Promise(() => {}));
  const asked = fetch(`${url}/health/ready`);
  asked.catch(() => {});
  await vi.waitFor(async () => expect((await fetch(`${url}/health/live`)).status).toBe(200));
  await server.close(50);
  await expect(asked).rejects.toThrow('fetch failed');
});
