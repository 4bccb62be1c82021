import { assert, double, integer, option, property, record } from 'fast-check';
import { describe, expect, test } from 'vitest';
import { openLoad } from '../backend-load.ts';
import { predict } from '../forecast/predict.ts';
import type { BackendView } from '../snapshot.ts';
import { aBackend, aCloud, aJob, MODEL, NOW_MS, POLICY } from '../snapshot.fixtures.ts';
import { DEFAULT_STRATEGIES } from '../strategy.ts';
import { cost } from './cost.ts';
import { energy } from './energy.ts';
import { headroom } from './headroom.ts';
import { quality } from './quality.ts';
import { reliability } from './reliability.ts';
import type { ScoreContext, Scorer } from './scorer.ts';
import { SCORER_NAMES, SCORERS } from './scorers.ts';
import { time } from './time.ts';

const prediction = {
  finishAtMs: NOW_MS + 6000,
  queueMs: 0,
  prefillMs: 1000,
  decodeMs: 5000,
  stallMs: 0,
  cachedTokens: 0,
  costUsd: 0,
};
const context: ScoreContext = {
  nowMs: NOW_MS,
  policy: POLICY,
  models: [MODEL],
  model: MODEL,
  prediction,
  leastJoulesPerToken: Infinity,
};
const tokens = integer({ min: 0, max: 1_000_000 });
const usd = double({ min: 0, max: 1000, noNaN: true });

const score = (scorer: Scorer, backend: BackendView, changes: Partial<ScoreContext> = {}): number =>
  scorer.score(aJob(1), openLoad(backend, POLICY), { ...context, ...changes });

describe('the scorers', () => {
  test('every strategy weighs each of them, and the weights add up to 1', () => {
    for (const { weights } of Object.values(DEFAULT_STRATEGIES)) {
      expect(Object.keys(weights)).toEqual(SCORER_NAMES);
      expect(SCORERS.reduce((sum, { name }) => sum + weights[name], 0)).toBeCloseTo(1, 12);
    }
  });

  test('every score lies in [0, 1], for whatever backend has a free slot', () => {
    const share = double({ min: 0, max: 1, noNaN: true });
    const backends = record({
      slots: integer({ min: 1, max: 256 }),
      used: share,
      heldTokens: tokens,
      kvCapacityTokens: option(integer({ min: 1, max: 1_000_000 }), { nil: undefined }),
      price: option(record({ inputUsdPerMillion: usd, outputUsdPerMillion: usd }), { nil: undefined }),
      reliability: option(record({ succeeded: share, timedOut: share }), { nil: undefined }),
    });
    assert(
      property(backends, tokens, tokens, ({ slots, used, heldTokens, ...optional }, input, p50) => {
        const known = Object.fromEntries(Object.entries(optional).filter(([, value]) => value !== undefined));
        const backend = openLoad(
          aCloud('cloud-0', { slots, held: Math.floor(used * (slots - 1)), heldTokens, ...known }),
          POLICY,
        );
        const job = aJob(1, { inputTokens: input });
        const output = { p50, p90: p50, mean: p50, samples: 9 };
        const made = predict(job, backend, {
          nowMs: NOW_MS,
          output,
          cachedTokens: 0,
          waiting: 0,
          joining: { inputTokens: 0, outputTokens: 1 },
        });
        for (const scorer of SCORERS) {
          const scored = scorer.score(job, backend, { ...context, prediction: made });
          expect(scored).toBeGreaterThanOrEqual(0);
          expect(scored).toBeLessThanOrEqual(1);
        }
      }),
    );
  });
});

const ready = (afterMs: number, deadlineAtMs: number): number =>
  time.score(aJob(1, { deadlineAtMs }), openLoad(aBackend('gpu-0'), POLICY), {
    ...context,
    prediction: { ...prediction, finishAtMs: NOW_MS + afterMs },
  });

describe('time', () => {
  test('what is left of the time until the deadline, and nothing for what is late', () => {
    expect(ready(0, NOW_MS + 60_000)).toBe(1);
    expect(ready(15_000, NOW_MS + 60_000)).toBe(0.75);
    expect(ready(60_000, NOW_MS + 60_000)).toBe(0);
    expect(ready(90_000, NOW_MS + 60_000)).toBe(0);
  });

  test('a deadline that has passed still tells fast from slow within a second', () => {
    expect(ready(500, NOW_MS - 1)).toBe(0.5);
  });
});

const costing = (costUsd: number | undefined): number =>
  score(cost, aBackend('gpu-0'), { prediction: { ...prediction, costUsd } });

describe('cost', () => {
  test('free is 1, a tenth of a cent one half, dearer never higher', () => {
    expect([costing(0), costing(0.001), costing(0.002)]).toEqual([1, 1 / 2, 1 / 3]);
    assert(
      property(usd, usd, (less, more) => {
        expect(costing(less + more)).toBeLessThanOrEqual(costing(less));
      }),
    );
  });

  test('a price nobody knows is the worst price', () => {
    expect(costing(undefined)).toBe(0);
  });
});

const holding = (held: number, heldTokens: number, kvCapacityTokens = 1000): number =>
  score(headroom, aBackend('gpu-0', { held, heldTokens, kvCapacityTokens }));

describe('headroom', () => {
  test('1 when idle, less with every slot and every token held, never below 0', () => {
    expect(holding(0, 0)).toBe(1);
    expect(holding(1, 100)).toBe(0.75);
    expect(holding(1, 400)).toBe(0.6);
    expect(holding(1, 2000)).toBe(0);
  });

  test('a backend without a KV limit counts its slots alone', () => {
    expect(score(headroom, aBackend('gpu-0', { held: 1, heldTokens: 9999 }))).toBe(0.75);
  });

  test('holding more never scores higher', () => {
    const held = integer({ min: 0, max: 3 });
    assert(
      property(held, held, tokens, tokens, (jobs, moreJobs, heldTokens, moreTokens) => {
        const now = holding(jobs, heldTokens, 1_000_000);
        const later = holding(Math.max(jobs, moreJobs), heldTokens + moreTokens, 1_000_000);
        expect(later).toBeLessThanOrEqual(now);
      }),
    );
  });
});

test('quality: as configured, else by the place in the model group', () => {
  const models = ['large', 'medium', 'small'];
  const policy = { ...POLICY, quality: { small: 0.9 } };
  const scores = models.map((model) => score(quality, aBackend('gpu-0'), { models, model, policy }));
  expect(scores).toEqual([0.7, 0.7 * 0.9, 0.9]);
});

test('reliability: what succeeds, less what takes too long; unknown is good', () => {
  expect(score(reliability, aBackend('gpu-0'))).toBe(1);
  expect(score(reliability, aBackend('gpu-0', { reliability: { succeeded: 0.8, timedOut: 0.5 } }))).toBe(0.4);
});

test('energy: the thriftiest GPU scores 1, one that takes twice the joules one half, unknown 1', () => {
  const joules = (joulesPerToken: number): number =>
    score(energy, aBackend('gpu-0', { energy: { joulesPerToken, usdPerKwh: 0.3 } }), {
      leastJoulesPerToken: 2,
    });
  expect([joules(2), joules(4), joules(0)]).toEqual([1, 0.5, 1]);
  expect(score(energy, aCloud('cloud-0'))).toBe(1);
});
