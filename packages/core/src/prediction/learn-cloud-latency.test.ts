import { assert, boolean, double, integer, property, record } from 'fast-check';
import { describe, expect, test } from 'vitest';
import { cloudMs, TYPICAL_CLOUD } from './cloud-latency.ts';
import {
  cloudErrorRatio,
  cloudLatencyOf,
  type CloudLatencyEstimate,
  type CloudSample,
  learnCloudLatency,
  openCloudLatency,
} from './learn-cloud-latency.ts';
import { apart, createChance } from './samples.fixtures.ts';

/** Statements about chance: the same draws in each run. */
const RUNS = { numRuns: 60, seed: 20_260_101 };
const DEVIATION = 0.4;

const times = double({ min: Math.log(0.3), max: Math.log(3), noNaN: true }).map(Math.exp);
const clouds = record({ firstMs: times.map((by) => 1000 * by), perTokenMs: times.map((by) => 12.5 * by) });

describe('learning a cloud backend', () => {
  test('streamed, its first token and its tokens are known after 600 answers', () => {
    assert(
      property(clouds, integer(), (cloud, seed) => {
        const { firstTokenMs, perTokenMs } = cloudLatencyOf(learn(cloud, seed, 600, 0, true));
        expect(apart(firstTokenMs.p50, cloud.firstMs)).toBeLessThan(0.3);
        expect(apart(firstTokenMs.p95, cloud.firstMs * Math.exp(1.645 * DEVIATION))).toBeLessThan(0.35);
        expect(apart(perTokenMs, cloud.perTokenMs)).toBeLessThan(0.08);
      }),
      RUNS,
    );
  });

  test('streamed or not, the time of a usual answer is within 15 % though a fifth of all are wrong', () => {
    assert(
      property(clouds, integer(), boolean(), (cloud, seed, streamed) => {
        const learned = cloudLatencyOf(learn(cloud, seed, 300, 0.2, streamed));
        expect(apart(cloudMs(learned, 200), cloud.firstMs + 200 * cloud.perTokenMs)).toBeLessThan(0.15);
      }),
      RUNS,
    );
  });

  test('one answer that hung for a day moves nothing by more than its step', () => {
    const cloud = { firstMs: 1000, perTokenMs: 12.5 };
    const before = learn(cloud, 1, 200, 0, true);
    const hung = { outputTokens: 200, durationMs: 86_400_000, firstTokenMs: 80_000_000 };
    const after = learnCloudLatency(before, hung);
    expect(apart(cloudMs(cloudLatencyOf(after), 200), cloudMs(cloudLatencyOf(before), 200))).toBeLessThan(
      0.03,
    );
  });

  test('answers without tokens tell only the first token', () => {
    let estimate = openCloudLatency();
    for (let index = 0; index < 300; index += 1) {
      estimate = learnCloudLatency(estimate, { outputTokens: 0, durationMs: 195 + (index % 11) });
    }
    const { firstTokenMs, perTokenMs } = cloudLatencyOf(estimate);
    expect(apart(firstTokenMs.p50, 200)).toBeLessThan(0.05);
    expect(perTokenMs).toBe(TYPICAL_CLOUD.perTokenMs);
  });
});

describe('an estimate of a cloud backend', () => {
  test('begins as its prior, with no samples', () => {
    expect(cloudLatencyOf(openCloudLatency())).toEqual(TYPICAL_CLOUD);
    const prior = { firstTokenMs: { p50: 200, p95: 400 }, perTokenMs: 5, samples: 9 };
    expect(cloudLatencyOf(openCloudLatency(prior))).toEqual({ ...prior, samples: 0 });
  });

  test('survives a heartbeat', () => {
    const estimate = learn({ firstMs: 700, perTokenMs: 8 }, 1, 20, 0, true);
    const resumed = JSON.parse(JSON.stringify(estimate)) as CloudLatencyEstimate;
    const sample = { outputTokens: 10, durationMs: 900 };
    expect(learnCloudLatency(resumed, sample)).toEqual(learnCloudLatency(estimate, sample));
  });

  test('refuses figures that cannot be, and does not count them', () => {
    const estimate = openCloudLatency();
    const good: CloudSample = { outputTokens: 100, durationMs: 2000 };
    const bad: Partial<CloudSample>[] = [
      { durationMs: 0 },
      { durationMs: -1 },
      { durationMs: Number.NaN },
      { durationMs: Infinity },
      { outputTokens: -1 },
      { outputTokens: Number.NaN },
      { outputTokens: Infinity },
    ];
    for (const part of bad) expect(learnCloudLatency(estimate, { ...good, ...part })).toBe(estimate);
    expect(learnCloudLatency(estimate, good).samples).toBe(1);
    for (const firstTokenMs of [0, -1, Number.NaN, 2001]) {
      expect(learnCloudLatency(estimate, { ...good, firstTokenMs })).toEqual(
        learnCloudLatency(estimate, good),
      );
    }
  });

  test('stays positive and finite, and its percentiles in order, whatever it is told', () => {
    const any = double({ min: 0, max: Number.MAX_VALUE, noNaN: true });
    const samples = record({ outputTokens: any, durationMs: any, firstTokenMs: any });
    assert(
      property(samples, samples, samples, (first, second, third) => {
        const estimate = [first, second, third].reduce(learnCloudLatency, openCloudLatency());
        const { firstTokenMs, perTokenMs } = cloudLatencyOf(estimate);
        for (const ms of [firstTokenMs.p50, firstTokenMs.p95, perTokenMs]) {
          expect(ms).toBeGreaterThan(0);
          expect(ms).toBeLessThan(Infinity);
        }
        expect(firstTokenMs.p95).toBeGreaterThanOrEqual(firstTokenMs.p50);
      }),
      { numRuns: 1000 },
    );
  });
});

describe('the error of an answer', () => {
  const sample: CloudSample = { outputTokens: 200, durationMs: 2000 };

  test('is what it took over what the plan would have said of it, with what was known before it', () => {
    const before = learn({ firstMs: 700, perTokenMs: 8 }, 1, 20, 0, false);
    const saidMs = cloudMs(cloudLatencyOf(before), 200);
    expect(cloudErrorRatio(before, { ...sample, durationMs: saidMs })).toBe(1);
    expect(cloudErrorRatio(before, { ...sample, durationMs: saidMs / 4 })).toBeCloseTo(0.25, 9);
  });

  test('is none before anything was learned, and none of figures that cannot be', () => {
    const unknown = openCloudLatency();
    expect(cloudErrorRatio(unknown, sample)).toBeUndefined();
    const known = learnCloudLatency(unknown, sample);
    expect(cloudErrorRatio(known, sample)).toBeGreaterThan(0);
    expect(cloudErrorRatio(known, { ...sample, durationMs: 0 })).toBeUndefined();
    expect(cloudErrorRatio(known, { ...sample, outputTokens: Number.NaN })).toBeUndefined();
  });
});

function learn(
  cloud: { readonly firstMs: number; readonly perTokenMs: number },
  seed: number,
  answers: number,
  wrong: number,
  streamed: boolean,
): CloudLatencyEstimate {
  const chance = createChance(seed);
  let estimate = openCloudLatency();
  for (let index = 0; index < answers; index += 1) {
    const outputTokens = Math.ceil(200 * chance.factor(1));
    const firstMs = cloud.firstMs * chance.factor(DEVIATION);
    const rightMs = firstMs + outputTokens * cloud.perTokenMs * chance.factor(0.15);
    const isWrong = chance.uniform() < wrong;
    const durationMs = isWrong ? chance.between(1, 1e7) : rightMs;
    const firstTokenMs = isWrong ? durationMs * chance.uniform() : firstMs;
    estimate = learnCloudLatency(estimate, {
      outputTokens,
      durationMs,
      ...(streamed ? { firstTokenMs } : {}),
    });
  }
  return estimate;
}
