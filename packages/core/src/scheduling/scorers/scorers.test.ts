import { assert, double, integer, option, property, record } from 'fast-check';
import { describe, expect, test } from 'vitest';
import { aBackend, aCloud, aJob, MODEL } from '../snapshot.fixtures.ts';
import { cost } from './cost.ts';
import { headroom } from './headroom.ts';
import { preference } from './preference.ts';
import { SCORERS } from './scorers.ts';

const context = { models: [MODEL], model: MODEL };
const tokens = integer({ min: 0, max: 1_000_000 });
const usd = double({ min: 0, max: 1000, noNaN: true });

const priced = (inputUsdPerMillion: number, outputUsdPerMillion: number) =>
  cost.score(
    aJob(1, { inputTokens: 1000, outputTokens: 500 }),
    aCloud('cloud-0', { price: { inputUsdPerMillion, outputUsdPerMillion } }),
    context,
  );

const holding = (held: number, heldTokens: number, kvCapacityTokens = 1000) =>
  headroom.score(aJob(1), aBackend('gpu-0', { held, heldTokens, kvCapacityTokens }), context);

describe('the scorers', () => {
  test('their weights add up to 1, so that a total stays in [0, 1]', () => {
    expect(SCORERS.reduce((sum, { weight }) => sum + weight, 0)).toBeCloseTo(1, 12);
  });

  test('every score lies in [0, 1], for whatever backend has a free slot', () => {
    const backends = record({
      slots: integer({ min: 1, max: 256 }),
      used: double({ min: 0, max: 1, noNaN: true }),
      heldTokens: tokens,
      kvCapacityTokens: option(integer({ min: 1, max: 1_000_000 }), { nil: undefined }),
      price: option(record({ inputUsdPerMillion: usd, outputUsdPerMillion: usd }), { nil: undefined }),
    });
    assert(
      property(backends, tokens, tokens, ({ slots, used, heldTokens, ...optional }, input, output) => {
        const { kvCapacityTokens, price } = optional;
        const backend = aCloud('cloud-0', {
          slots,
          held: Math.floor(used * (slots - 1)),
          heldTokens,
          ...(kvCapacityTokens === undefined ? {} : { kvCapacityTokens }),
          ...(price === undefined ? {} : { price }),
        });
        const job = aJob(1, { inputTokens: input, outputTokens: output });
        for (const scorer of SCORERS) {
          const score = scorer.score(job, backend, context);
          expect(score).toBeGreaterThanOrEqual(0);
          expect(score).toBeLessThanOrEqual(1);
        }
      }),
    );
  });
});

describe('cost', () => {
  test('a local backend is free, a free cloud is as good', () => {
    expect(cost.score(aJob(1), aBackend('gpu-0'), context)).toBe(1);
    expect(priced(0, 0)).toBe(1);
  });

  test('a tenth of a cent scores one half: prompt and answer at their own prices', () => {
    expect(priced(1, 0)).toBeCloseTo(0.5, 12);
    expect(priced(0, 2)).toBeCloseTo(0.5, 12);
    expect(priced(1, 2)).toBeCloseTo(1 / 3, 12);
  });

  test('dearer never scores higher', () => {
    assert(
      property(usd, usd, usd, (input, output, more) => {
        expect(priced(input + more, output)).toBeLessThanOrEqual(priced(input, output));
        expect(priced(input, output + more)).toBeLessThanOrEqual(priced(input, output));
      }),
    );
  });

  test('a price nobody knows is the worst price', () => {
    const { price: _price, ...unpriced } = aCloud('cloud-0');
    expect(cost.score(aJob(1), unpriced, context)).toBe(0);
  });
});

describe('headroom', () => {
  test('1 when idle, less with every slot and every token held, never below 0', () => {
    expect(holding(0, 0)).toBe(1);
    expect(holding(1, 100)).toBe(0.75);
    expect(holding(1, 400)).toBe(0.6);
    expect(holding(1, 2000)).toBe(0);
  });

  test('a backend without a KV limit counts its slots alone', () => {
    expect(headroom.score(aJob(1), aBackend('gpu-0', { held: 1, heldTokens: 9999 }), context)).toBe(0.75);
  });

  test('holding more never scores higher', () => {
    const held = integer({ min: 0, max: 3 });
    assert(
      property(held, held, tokens, tokens, (jobs, moreJobs, heldTokens, moreTokens) => {
        const now = holding(jobs, heldTokens, 1_000_000);
        expect(holding(Math.max(jobs, moreJobs), heldTokens + moreTokens, 1_000_000)).toBeLessThanOrEqual(
          now,
        );
      }),
    );
  });
});

test('preference: the first model of the group scores 1, later ones less', () => {
  const models = ['large', 'medium', 'small'];
  const scores = models.map((model) => preference.score(aJob(1), aBackend('gpu-0'), { models, model }));
  expect(scores).toEqual([1, 1 / 2, 1 / 3]);
});
