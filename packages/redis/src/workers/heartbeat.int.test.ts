import { describe, expect, test } from 'vitest';
import { gpu, openLife, worker } from '../jobs/job-life.fixtures.ts';
import { openTestStore, type TestStore } from '../testing/open-test-store.ts';
import type { BackendDescriptor } from './descriptor.ts';
import { createReadDescriptor } from './read-descriptor.ts';

const plain: BackendDescriptor = {
  kind: 'vllm',
  location: 'local',
  models: ['llama3.2:3b'],
  endpoints: ['/v1/chat/completions'],
  simulated: true,
  draining: false,
};
const learned = {
  profile: {
    baseMs: 17,
    perSequenceMs: 0.2,
    perPrefillTokenMs: 0.1,
    prefillFactor: 1,
    decodeFactor: 0.9,
    samples: 12,
  },
  telemetryAgeMs: 120,
  reliability: { succeeded: 0.99, timedOut: 0.01 },
  energy: { joulesPerToken: 0.4, usdPerKwh: 0.3 },
} satisfies Partial<BackendDescriptor>;
const latency = { firstTokenMs: { p50: 400, p95: 900 }, perTokenMs: 11, samples: 40 };

function openWorker(store: TestStore) {
  const life = openLife(store);
  return {
    life,
    read: createReadDescriptor(store.redis, store.keys),
    beat: (descriptor: BackendDescriptor) =>
      life.heartbeat({ workerId: worker, backendId: gpu, descriptor, slots: 4, exclusive: true, leases: [] }),
  };
}

describe('what a worker says of its backend', () => {
  test('is what the next one at this backend goes on with', async () => {
    await using store = await openTestStore();
    const { read, beat } = openWorker(store);
    expect(await read(gpu)).toBeUndefined();
    const descriptor = { ...plain, ...learned, profileEstimate: { samples: 12, equations: [1, 2, 3] } };
    await beat(descriptor);
    expect(await read(gpu)).toEqual(descriptor);
    const { profileEstimate: _, ...later } = descriptor;
    await beat({ ...later, telemetryAgeMs: 5 });
    expect(await read(gpu), 'an estimate stays until there is another').toEqual({
      ...descriptor,
      telemetryAgeMs: 5,
    });
  });

  test('comes to plans without what only workers read', async () => {
    await using store = await openTestStore();
    const { life, beat } = openWorker(store);
    const rateLimit = { requestsLeft: 3, tokensLeft: 4000 };
    await beat({ ...plain, ...learned, latency, rateLimit, profileEstimate: [1] });
    expect((await life.snapshot()).backends).toMatchObject([{ id: gpu }]);
    expect((await life.snapshot()).backends[0]?.descriptor).toEqual({
      ...plain,
      ...learned,
      latency,
      rateLimit,
    });
  });

  test('told in words of another version, is left out where it was learned, and the rest is believed', async () => {
    await using store = await openTestStore();
    const { life, read, beat } = openWorker(store);
    await beat({ ...plain, ...learned });
    const odd = JSON.stringify({ ...plain, ...learned, profile: { speed: 'high' }, rateLimit: 7, latency });
    await store.redis.hset(store.keys.backend(gpu), 'descriptor', odd, 'estimate', '{"half":');
    const { profile: _, ...believed } = learned;
    expect(await read(gpu)).toEqual({ ...plain, ...believed, latency });
    expect((await life.snapshot()).unreadable).toEqual([]);
    await store.redis.hset(store.keys.backend(gpu), 'descriptor', '{"kind":7}');
    expect(await read(gpu)).toBeUndefined();
  });

  test('may hold 4 KiB of an estimate; a larger one is not kept', async () => {
    await using store = await openTestStore();
    const { read, beat } = openWorker(store);
    await beat({ ...plain, profileEstimate: 'small' });
    await beat({ ...plain, profileEstimate: 'é'.repeat(2048) });
    expect((await read(gpu))?.profileEstimate).toBe('small');
  });
});
