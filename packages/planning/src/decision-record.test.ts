import { decisionSchema } from '@spillway/contracts';
import { NO_PREFIXES, plan, SCORER_NAMES } from '@spillway/core';
import { expect, test } from 'vitest';
import { buildSnapshot } from './build-snapshot.ts';
import { recordAssignment, recordHold, recordRejection, recordUnseenHold } from './decision-record.ts';
import {
  aCloudState,
  aConfig,
  aJob,
  aLane,
  aState,
  aStore,
  cloud,
  gpu,
  LOW_OVERFLOW,
  MODEL,
  NOW_MS,
} from './testing/index.ts';

const CONTEXT = { nowMs: NOW_MS, configVersion: 'sha256:00', epoch: 7 };

/** One job is assigned, the next one held, and one that fits no window is turned away. */
function aPlan() {
  const { descriptor } = aState();
  const small = { ...descriptor, contextTokens: 4096 };
  const dear = aCloudState();
  const backends = [
    aState({ slots: 1, descriptor: small }),
    { ...dear, descriptor: { ...dear.descriptor, contextTokens: 4096 } },
  ];
  const lanes = [
    aLane([aJob(1, { queuedAtMs: NOW_MS - 1500 }), aJob(2)]),
    aLane([aJob(3, { inputTokens: 9000 })], { key: 'pinned', pinned: true }),
  ];
  const config = aConfig({ routing: LOW_OVERFLOW });
  const planned = plan(
    buildSnapshot(aStore({ backends, lanes }), config, { sinceMs: NOW_MS, prefixes: NO_PREFIXES }),
  );
  const [assignment] = planned.assignments;
  const [hold] = planned.holds;
  const [rejection] = planned.rejections;
  if (!assignment || !hold || !rejection) throw new Error('the plan has not one of each');
  return { assignment, hold, rejection };
}

test('an assignment says where to, under which fence, and what the choice was made from', () => {
  const record = recordAssignment(aPlan().assignment, CONTEXT);
  expect(decisionSchema.parse(record)).toEqual(record);
  const [here, away] = record.candidates;
  expect(away).toMatchObject({ backend: cloud, location: 'cloud', refused_by: 'OVERFLOW_CLOSED' });
  expect(here).toMatchObject({ backend: gpu, location: 'local', model: MODEL, refused_by: null });
  // an empty engine begins at once, and the rest is prompt and answer
  const { queue_ms: queue = NaN, prefill_ms: prefill = NaN, decode_ms: decode = NaN } = here?.parts ?? {};
  expect(queue + prefill + decode).toBeCloseTo(here?.finish_in_ms ?? NaN, -1);
  expect(Object.keys(here?.components ?? {})).toEqual([...SCORER_NAMES]);
  expect(record).toMatchObject({
    at: '2027-01-15T08:00:00.000Z',
    action: 'assign',
    backend: gpu,
    model: MODEL,
    fence: 1,
    trigger: 'local',
    // the pinned lane has its turn first
    order: {
      rank: 2,
      class: 'standard',
      competes_as: 'standard',
      promoted: false,
      aged: false,
      tenant: 'acme',
      deadline_in_ms: 60_000,
      waited_ms: 1500,
    },
    features: {
      model: MODEL,
      task: '*',
      pinned: false,
      strategy: 'auto',
      input_tokens: 100,
      output_tokens: 50,
      output_p50: 50,
      prefix_blocks: 0,
    },
    queue: { overflowing: false },
    local_finish_in_ms: expect.any(Number) as number,
    // 100 tokens at 1 USD a million and 50 at 4
    counterfactual: { cloud_usd: 0.0003 },
    outcome: null,
    config_version: 'sha256:00',
    epoch: 7,
  });
});

test('a hold names who refused and why, and no backend', () => {
  const record = recordHold(aPlan().hold, CONTEXT);
  expect(decisionSchema.parse(record)).toEqual(record);
  expect(record).toMatchObject({
    action: 'hold',
    backend: null,
    model: null,
    fence: null,
    trigger: null,
    candidates: [
      { backend: gpu, refused_by: 'CONCURRENCY', because: 'holds 1 of 1 jobs', score: null },
      { backend: cloud, refused_by: 'OVERFLOW_CLOSED', score: null },
    ],
    counterfactual: null,
  });
});

test('a rejection tells the person what no backend can do', () => {
  const record = recordRejection(aPlan().rejection, CONTEXT);
  expect(decisionSchema.parse(record)).toEqual(record);
  expect(record).toMatchObject({ action: 'reject', backend: null, features: { pinned: true } });
  expect(record.why).toContain('of a window of 4096');
});

test('a wait that no tick looked at is told in seconds, and blames no backend', () => {
  const record = recordUnseenHold(aPlan().assignment, CONTEXT);
  expect(decisionSchema.parse(record)).toEqual(record);
  expect(record).toMatchObject({
    action: 'hold',
    backend: null,
    candidates: [],
    why: 'waited 1.5 s before it was considered: other jobs were before it, or no scheduler led',
  });
});

test('a clock that is behind does not make a wait negative', () => {
  const { assignment } = aPlan();
  const early = { ...assignment, job: { ...assignment.job, queuedAtMs: NOW_MS + 40 } };
  expect(recordAssignment(early, CONTEXT).order.waited_ms).toBe(0);
});
