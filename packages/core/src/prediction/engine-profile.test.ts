import { describe, expect, test } from 'vitest';
import { decodeMs, type EngineProfile, prefillMs, RTX_4090, stepMs, workMs } from './engine-profile.ts';

const ENGINE: EngineProfile = {
  baseMs: 16,
  perSequenceMs: 0.25,
  perPrefillTokenMs: 0.125,
  prefillFactor: 1,
  decodeFactor: 1,
  samples: 0,
};
const CAPPED: EngineProfile = { ...ENGINE, prefillFactor: 0.5, decodeFactor: 0.8 };

describe('the step model', () => {
  test('a step reads the weights once and adds a little for each sequence', () => {
    expect(stepMs(ENGINE, 1)).toBe(16.25);
    expect(stepMs(ENGINE, 32)).toBe(24);
    expect(stepMs(CAPPED, 32)).toBe(30);
  });

  test('the first token takes the prompt and a step', () => {
    expect(prefillMs(ENGINE, 32, 800)).toBe(124);
    expect(prefillMs(CAPPED, 32, 800)).toBe(230);
    expect(prefillMs(ENGINE, 1, 0)).toBe(stepMs(ENGINE, 1));
  });

  test('in a batch, a job uses up its share of the time to read the weights', () => {
    expect(workMs(ENGINE, 1, 800, 100)).toBe(100 + 100 * 16.25);
    expect(workMs(ENGINE, 32, 800, 100)).toBe(100 + 100 * 0.75);
    expect(workMs(ENGINE, 0, 800, 100)).toBe(workMs(ENGINE, 1, 800, 100));
    expect(workMs(CAPPED, 32, 800, 100)).toBe(200 + 93.75);
  });

  test('the published table of an RTX 4090 comes out within 6 %', () => {
    // Mistral 7B, 256 tokens in and 100 out, of 128 allowed: requests per second at each concurrency (docs/scheduling.md#engine-profile).
    const published = [
      [4, 2.09],
      [8, 3.78],
      [16, 6.44],
      [32, 9.73],
      [48, 11.87],
    ] as const;
    for (const [sequences, perSecond] of published) {
      const predicted = 1000 / workMs(RTX_4090, sequences, 256, 100);
      expect(Math.abs(predicted / perSecond - 1)).toBeLessThan(0.06);
    }
  });
});

describe('the time from the first token to the last', () => {
  test('alone, it is a step for each token', () => {
    expect(decodeMs(ENGINE, 1, 100, 1000)).toBe(1625);
    expect(decodeMs(ENGINE, 0, 100, 1000)).toBe(1600);
  });

  test('among others like it, each is replaced once, and its prompt computed in between', () => {
    expect(decodeMs(ENGINE, 32, 100, 800)).toBe(2400 + 31 * 100);
    expect(decodeMs(CAPPED, 32, 100, 800)).toBe(3000 + 31 * 200);
  });

  test('a short answer among long ones sees few of them replaced, a long one sees several for each', () => {
    expect(decodeMs(ENGINE, 32, 10, 800, 100)).toBe(240 + 310);
    expect(decodeMs(ENGINE, 32, 400, 800, 100)).toBe(9600 + 4 * 31 * 100);
  });

  test('no answer takes no time, whatever joins', () => {
    expect(decodeMs(ENGINE, 32, 0, 800)).toBe(0);
    expect(decodeMs(ENGINE, 32, 0, 800, 0)).toBe(0);
  });
});
