import { decisionSchema } from '@spillway/contracts';
import { NO_PREFIXES } from '@spillway/core';
import type { NewJob, StoreSnapshot } from '@spillway/redis';
import { describe, expect, test } from 'vitest';
import { explainJob } from './explain-job.ts';
import {
  acme,
  aCloudState,
  aConfig,
  aJob,
  aLane,
  aNewJob,
  aState,
  aStore,
  cloud,
  gpu,
  LOW_OVERFLOW,
  MODEL,
  NO_OVERFLOW,
  NOW_MS,
} from './testing/index.ts';

const VIEW = { sinceMs: NOW_MS, prefixes: NO_PREFIXES };
const CONTEXT = { configVersion: 'sha256:00', epoch: 0 };
const explain = (job: NewJob, store: StoreSnapshot, routing: object = NO_OVERFLOW) => {
  const dryRun = explainJob(job, store, aConfig({ routing }), VIEW, CONTEXT);
  expect(decisionSchema.parse(dryRun.decision)).toEqual(dryRun.decision);
  return dryRun;
};
const busy = aState({ slots: 1, held: 1, heldTokens: 150 });
const waiting = (count: number) => Array.from({ length: count }, (_, index) => aJob(index));

describe('what would happen to a job now', () => {
  test('with room it is given to a backend at once, and waits nowhere', () => {
    const { decision, queuePosition, estimatedFinishAtMs } = explain(aNewJob(), aStore());
    expect(decision).toMatchObject({
      action: 'assign',
      backend: gpu,
      trigger: 'local',
      features: { model: MODEL, input_tokens: 100 },
      candidates: [{ backend: gpu, score: expect.any(Number) as number }],
      epoch: 0,
    });
    expect(queuePosition).toBeUndefined();
    expect(estimatedFinishAtMs).toBe(NOW_MS + (decision.candidates[0]?.finish_in_ms ?? NaN));
  });

  test('without room it waits, and is told where and until when', () => {
    const store = aStore({ backends: [busy], lanes: [aLane(waiting(3))] });
    const { decision, queuePosition, estimatedFinishAtMs } = explain(aNewJob({ deadlineMs: 90_000 }), store);
    expect(decision).toMatchObject({ action: 'hold', backend: null, queue: { depth: 4 } });
    expect(queuePosition).toBe(4);
    expect(estimatedFinishAtMs).toBeGreaterThan(NOW_MS);
  });

  test('without room before its deadline it is told that its life ends then', () => {
    const store = aStore({ backends: [busy], lanes: [aLane(waiting(3))] });
    expect(explain(aNewJob({ deadlineMs: 90_000 }), store).estimatedFinishAtMs).toBeGreaterThan(
      NOW_MS + 1000,
    );
    const { decision, estimatedFinishAtMs } = explain(aNewJob({ deadlineMs: 1000 }), store);
    expect([decision.action, estimatedFinishAtMs]).toEqual(['hold', NOW_MS + 1000]);
  });

  test('far behind the head of its lane it is told why the first one waits', () => {
    const name = { jobClass: 'batch', modelGroup: MODEL, tenantId: acme, pinned: false } as const;
    const lane = aLane([aJob(1)], { ...name, key: `batch:${MODEL}:acme:open`, depth: 800 });
    const store = aStore({ backends: [busy], lanes: [lane] });
    const { decision, queuePosition } = explain(aNewJob({ lane: name, deadlineMs: 86_400_000 }), store);
    expect(decision.why).toMatch(/^waits behind 800 other jobs of its lane; for the first of them: /);
    expect(queuePosition).toBe(801);
  });

  test('in a queue that overflows it goes to the cloud, with what that costs', () => {
    const store = aStore({ backends: [busy, aCloudState()], lanes: [aLane(waiting(1), { depth: 6 })] });
    const { decision } = explain(aNewJob({ deadlineMs: 1000 }), store, LOW_OVERFLOW);
    expect(decision).toMatchObject({ action: 'assign', backend: cloud, trigger: 'depth' });
    expect(decision.candidates.find(({ backend }) => backend === cloud)?.cost_usd).toBeGreaterThan(0);
  });

  test('pinned it stays, however long the queue is, and the cloud says why it is none', () => {
    const name = { jobClass: 'standard', modelGroup: MODEL, tenantId: acme, pinned: true } as const;
    const store = aStore({ backends: [busy, aCloudState()], lanes: [aLane(waiting(1), { depth: 6 })] });
    const { decision } = explain(aNewJob({ lane: name }), store, LOW_OVERFLOW);
    expect(decision.action).toBe('hold');
    expect(decision.candidates).toContainEqual(
      expect.objectContaining({ backend: cloud, refused_by: 'PRIVACY_PIN' }),
    );
  });

  test('what fits no backend is turned away', () => {
    const small = { ...aState().descriptor, contextTokens: 100 };
    const store = aStore({ backends: [aState({ descriptor: small })] });
    const { decision, estimatedFinishAtMs } = explain(aNewJob(), store);
    expect(decision.action).toBe('reject');
    expect(estimatedFinishAtMs).toBeUndefined();
  });

  test('the others of another tenant show as numbers only', () => {
    const lane = aLane(waiting(2), { key: 'other', tenantId: 'rival' as typeof acme });
    const { decision } = explain(aNewJob(), aStore({ backends: [busy], lanes: [lane] }));
    expect(JSON.stringify(decision)).not.toContain('rival');
    expect(decision.queue.depth).toBe(3);
  });
});
