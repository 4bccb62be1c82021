import { array, assert, double, integer, property } from 'fast-check';
import { describe, expect, test } from 'vitest';
import { learnOutputLength } from './learn-output-length.ts';
import { type OutputLength, UNKNOWN_LENGTH } from './output-length.ts';
import { apart, createChance } from './samples.fixtures.ts';

describe('learning lengths of answers', () => {
  test('median and 90th percentile of log-normal lengths are within 15 % after 1000 answers', () => {
    const medians = double({ min: Math.log(5), max: Math.log(2000), noNaN: true }).map(Math.exp);
    const deviations = double({ min: 0.05, max: 0.8, noNaN: true });
    assert(
      property(medians, deviations, integer(), (median, deviation, seed) => {
        const chance = createChance(seed);
        let length: OutputLength | undefined;
        for (let index = 0; index < 1000; index += 1) {
          length = learnOutputLength(length, median * chance.factor(deviation));
        }
        const { p50, p90, mean, samples } = length ?? UNKNOWN_LENGTH;
        expect(apart(p50, median)).toBeLessThan(0.15);
        expect(apart(p90, median * Math.exp(1.2816 * deviation))).toBeLessThan(0.15);
        expect(apart(mean, median * Math.exp(deviation ** 2 / 2))).toBeLessThan(0.2);
        expect(samples).toBe(1000);
      }),
      // A statement about chance: the same draws in each run.
      { numRuns: 200, seed: 20_260_101 },
    );
  });

  test('the first answer is taken for the median', () => {
    expect(learnOutputLength(undefined, 40)).toEqual({ p50: 40, p90: 80, mean: 40, samples: 1 });
    expect(learnOutputLength(undefined, 0)).toEqual({ p50: 1, p90: 2, mean: 1, samples: 1 });
  });

  test('steps are these, so that the same arithmetic elsewhere can be held against them', () => {
    let length = learnOutputLength(undefined, 100);
    length = learnOutputLength(length, 150);
    expect(length).toEqual({ p50: 125, p90: 200 / 1.05, mean: 125, samples: 2 });
    length = learnOutputLength(length, 1000);
    expect(length.p50).toBe(125 * 1.25);
    expect(length.p90).toBe((200 / 1.05) * 1.45);
    expect(length.mean).toBe(125 + (4 * (200 / 1.05) - 125) * (1 / 3));
  });

  test('one absurd answer moves a length that is known by a hundredth, its mean by three', () => {
    const known = { p50: 200, p90: 600, mean: 250, samples: 1000 };
    for (const absurd of [0, 1e6, Infinity]) {
      const { p50, p90, mean } = learnOutputLength(known, absurd);
      expect(apart(p50, known.p50)).toBeLessThan(0.01);
      expect(apart(p90, known.p90)).toBeLessThan(0.01);
      expect(Math.abs(mean - known.mean)).toBeLessThan(0.1 * known.mean);
    }
  });

  test('what is no number of tokens changes nothing', () => {
    const known = { p50: 200, p90: 600, mean: 250, samples: 1000 };
    for (const wrong of [-1, Number.NaN]) {
      expect(learnOutputLength(known, wrong)).toBe(known);
      expect(learnOutputLength(undefined, wrong)).toBe(UNKNOWN_LENGTH);
    }
  });

  test('percentiles stay in order and between one token and a million', () => {
    const tokens = double({ min: 0, max: 1e9, noNaN: true });
    assert(
      property(array(tokens, { minLength: 1, maxLength: 40 }), (answers) => {
        let length: OutputLength | undefined;
        for (const answer of answers) length = learnOutputLength(length, answer);
        const { p50, p90, mean } = length ?? UNKNOWN_LENGTH;
        expect(p50).toBeGreaterThanOrEqual(1);
        expect(p90).toBeGreaterThanOrEqual(p50);
        expect(mean).toBeGreaterThanOrEqual(1);
        expect(p90).toBeLessThan(4e6);
      }),
    );
  });
});
