import type { TenantId } from '@spillway/core';
import { describe, expect, test } from 'vitest';
import { openTestStore } from '../testing/open-test-store.ts';
import { newJob, noLimit, openLife, tenant } from './job-life.fixtures.ts';
import type { NewJob } from './new-job.ts';
import { createSubmitJob, type SubmitLimits } from './submit-job.ts';

const jobOf = (inputTokens: number): NewJob => newJob({ features: { ...newJob().features, inputTokens } });

async function openTenant(limits: Partial<SubmitLimits>) {
  const store = await openTestStore();
  const life = openLife(store);
  const rate = (name: 'requests' | 'tokens') => `${store.keys.prefix}tenant:${tenant}:rate:${name}`;
  return {
    ...store,
    life,
    rate,
    submit: (job: NewJob = newJob()) => life.submit(job, { ...noLimit, ...limits }, undefined),
    /** As if all of it had been submitted so many ms earlier. */
    pass: async (name: 'requests' | 'tokens', ms: number) => {
      const [level, atMs] = ((await store.redis.get(rate(name))) ?? '').split(' ');
      await store.redis.set(rate(name), `${level} ${Number(atMs) - ms}`, 'KEEPTTL');
    },
  };
}

describe('requests in a minute', () => {
  test('however many come at once, from however many processes, a minute’s worth is admitted', async () => {
    await using cell = await openTenant({});
    const limits = { ...noLimit, requestsPerMinute: 70 };
    const connections = await Promise.all(Array.from({ length: 4 }, () => cell.connect()));
    const replies = await Promise.all(
      connections.flatMap((redis) => {
        const submit = createSubmitJob(redis, cell.keys);
        return Array.from({ length: 50 }, () => submit(newJob(), limits, undefined));
      }),
    );
    const refused = replies.flatMap((reply) => (reply.kind === 'rate-limited' ? [reply] : []));
    const accepted = replies.filter(({ kind }) => kind === 'accepted').length;
    expect(accepted + refused.length).toBe(200);
    // What the test itself takes refills by one in 857 ms.
    expect(accepted).toBeGreaterThanOrEqual(70);
    expect(accepted).toBeLessThanOrEqual(70 + 10);
    expect(await cell.redis.zcard(cell.keys.tenantJobs(tenant)), 'and no more is written').toBe(accepted);
    for (const { limit, retryAfterMs } of refused) {
      expect(limit).toBe('requests');
      expect(retryAfterMs).toBeGreaterThan(0);
      expect(retryAfterMs).toBeLessThanOrEqual(858);
    }
  });

  test('what is told to come back later is admitted then, and not before', async () => {
    await using cell = await openTenant({ requestsPerMinute: 1 });
    expect(await cell.submit()).toMatchObject({ kind: 'accepted' });
    const refused = await cell.submit();
    if (refused.kind !== 'rate-limited') throw new Error(refused.kind);
    expect(refused.retryAfterMs).toBeGreaterThan(50_000);
    await cell.pass('requests', refused.retryAfterMs - 5000);
    expect(await cell.submit()).toMatchObject({ kind: 'rate-limited' });
    await cell.pass('requests', 5000);
    expect(await cell.submit()).toMatchObject({ kind: 'accepted' });
  });

  test('a tenant’s limit is nobody else’s, and is forgotten when it says nothing more', async () => {
    await using cell = await openTenant({ requestsPerMinute: 1 });
    await cell.submit();
    const others = newJob({ lane: { ...newJob().lane, tenantId: 'other' as TenantId } });
    expect(await cell.submit(others)).toMatchObject({ kind: 'accepted' });
    const lifeMs = await cell.redis.pttl(cell.rate('requests'));
    expect(lifeMs).toBeGreaterThan(50_000);
    expect(lifeMs).toBeLessThanOrEqual(60_000);
  });
});

describe('prompt tokens in a minute', () => {
  test('are counted, to the last one', async () => {
    await using cell = await openTenant({ tokensPerMinute: 7 });
    expect(await cell.submit(jobOf(3))).toMatchObject({ kind: 'accepted' });
    expect(await cell.submit(jobOf(4))).toMatchObject({ kind: 'accepted' });
    expect(await cell.submit(jobOf(1))).toMatchObject({ kind: 'rate-limited', limit: 'tokens' });
    expect(await cell.submit(jobOf(0)), 'what has none waits for none').toMatchObject({ kind: 'accepted' });
  });

  test('a prompt of more than a minute’s worth is admitted alone, and all of it counts', async () => {
    await using cell = await openTenant({ tokensPerMinute: 100 });
    await cell.submit(jobOf(1));
    expect(await cell.submit(jobOf(300))).toMatchObject({ kind: 'rate-limited' });
    await cell.pass('tokens', 60_000);
    expect(await cell.submit(jobOf(300))).toMatchObject({ kind: 'accepted' });
    const refused = await cell.submit(jobOf(100));
    if (refused.kind !== 'rate-limited') throw new Error(refused.kind);
    expect(refused.retryAfterMs).toBeGreaterThan(170_000);
  });
});

describe('what is not charged', () => {
  test('a submission that another limit refuses', async () => {
    await using cell = await openTenant({ requestsPerMinute: 2, tokensPerMinute: 10 });
    await cell.submit(jobOf(10));
    expect(await cell.submit(jobOf(1)), 'the longer wait is told').toMatchObject({ limit: 'tokens' });
    await cell.redis.del(cell.rate('tokens'));
    expect(await cell.submit(jobOf(1)), 'no request was charged for it').toMatchObject({ kind: 'accepted' });
    await cell.redis.del(cell.rate('tokens'), cell.rate('requests'));
    expect(
      await cell.life.submit(newJob(), { ...noLimit, maxQueuedJobs: 1, requestsPerMinute: 2 }, undefined),
    ).toMatchObject({ kind: 'over-quota' });
    expect(await cell.redis.exists(cell.rate('requests'))).toBe(0);
  });

  test('a replay, and a command that is sent again because its reply was lost', async () => {
    await using cell = await openTenant({});
    const limits = { ...noLimit, requestsPerMinute: 1 };
    const key = { key: 'k', bodyHash: 'h', keepMs: 60_000 };
    const job = newJob();
    expect(await cell.life.submit(job, limits, key)).toMatchObject({ kind: 'accepted' });
    expect(await cell.life.submit(newJob(), limits, key)).toMatchObject({ kind: 'replayed' });
    expect(await cell.life.submit(job, limits, key)).toMatchObject({ kind: 'accepted' });
    await cell.pass('requests', 60_000);
    expect(await cell.life.submit(newJob(), limits, undefined)).toMatchObject({ kind: 'accepted' });
  });
});
