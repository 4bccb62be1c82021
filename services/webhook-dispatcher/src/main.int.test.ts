import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { createDeliveryStore } from '@spillway/redis';
import { openTestStore } from '@spillway/redis/testing';
import { newWebhookSecret, verifyWebhook } from '@spillway/webhook-signing';
import { expect, onTestFinished, test } from 'vitest';
import { endJob, eventIdOf } from './testing/end-job.ts';
import { answerStatus, openReceiver } from './testing/open-receiver.ts';

const WEBHOOKS = { allow_networks: ['127.0.0.0/8'], allow_ports: 'any' };

/** The service as it is deployed, in a process of its own. */
function startService(cell: string, env: Readonly<Record<string, string>>) {
  const folder = mkdtempSync(join(tmpdir(), 'webhook-dispatcher-'));
  const config = join(folder, 'spillway.yaml');
  // JSON is YAML, too
  writeFileSync(config, JSON.stringify({ webhooks: WEBHOOKS, cells: { names: [cell] } }));
  const service = spawn(process.execPath, [new URL('./main.ts', import.meta.url).pathname], {
    env: { ...env, SPILLWAY_CELL: cell, SPILLWAY_CONFIG: config, SPILLWAY_LEASH: 'stdin' },
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  onTestFinished(() => {
    service.kill('SIGKILL');
    rmSync(folder, { recursive: true });
  });
  const lines = createInterface({ input: service.stdout })[Symbol.asyncIterator]();
  return {
    ended: once(service, 'exit'),
    stop: () => service.kill('SIGTERM'),
    /** The next line of that event; undefined when the process ended without one. */
    line: async (event: string): Promise<Record<string, unknown> | undefined> => {
      for (;;) {
        // lines come one after the other
        const next = await lines.next();
        if (next.done) return undefined;
        const line = JSON.parse(next.value) as Record<string, unknown>;
        if (line['event'] === event) return line;
      }
    },
  };
}

test('the service starts, is ready, delivers, shows its metrics and ends cleanly on SIGTERM', async () => {
  await using store = await openTestStore();
  await using receiver = await openReceiver(answerStatus(200));
  const secret = newWebhookSecret();
  const service = startService(store.keys.cell, { REDIS_URL: store.url, WEBHOOK_SECRET: secret });
  const started = await service.line('service.started');
  expect(started).toMatchObject({ service: 'webhook-dispatcher' });
  const ops = `http://127.0.0.1:${Number(started?.['port'])}`;
  expect((await fetch(`${ops}/health/ready`)).status).toBe(200);

  const job = await endJob(store, { url: receiver.url });
  expect(await service.line('delivery.attempted')).toMatchObject({ outcome: 'delivered' });
  const [post] = receiver.posts;
  expect(post?.headers['user-agent']).toMatch(/^Spillway\/\d+\.\d+\.\d+ \(webhooks\)$/);
  expect(
    verifyWebhook({ headers: post?.headers ?? {}, body: post?.body ?? '', secrets: [secret] }),
  ).toMatchObject({ ok: true, value: { id: eventIdOf(job) } });
  const deliveries = createDeliveryStore(store.redis, store.keys);
  expect(await deliveries.read(eventIdOf(job))).toMatchObject({ state: 'delivered' });
  expect(await (await fetch(`${ops}/metrics`)).text()).toContain(
    'webhook_deliveries_total{outcome="delivered",service="webhook-dispatcher"} 1',
  );

  service.stop();
  expect(await service.ended).toEqual([0, null]);
});
