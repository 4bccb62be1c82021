import { assert, boolean, constantFrom, double, integer, property, record } from 'fast-check';
import { describe, expect, test } from 'vitest';
import { decodeMs, type EngineProfile, prefillMs, RTX_4090, workMs } from './engine-profile.ts';
import {
  learnProfile,
  openProfileEstimate,
  profileErrorRatio,
  profileOf,
  type ProfileEstimate,
  type ProfileSample,
} from './learn-profile.ts';
import { apart, type Chance, createChance } from './samples.fixtures.ts';

/** Statements about chance: the same draws in each run, so that a rare unlucky one does not come up on a Friday. */
const RUNS = { numRuns: 60, seed: 20_260_101 };

const ratio = double({ min: Math.log(0.4), max: Math.log(2.5), noNaN: true }).map(Math.exp);
const engines = record({ w: ratio, h: ratio, p: ratio }).map(({ w, h, p }): EngineProfile => ({
  ...RTX_4090,
  baseMs: RTX_4090.baseMs * w,
  perSequenceMs: RTX_4090.perSequenceMs * h,
  perPrefillTokenMs: RTX_4090.perPrefillTokenMs * p,
}));
const seeds = integer();

describe('learning an engine', () => {
  test.each(['slow', 'hung', 'cached', 'anything'] as const)(
    'a fifth of its samples may be wrong (%s), and work and residence are within 15 %% after 300',
    (fault) => {
      assert(
        property(engines, seeds, boolean(), (engine, seed, streamed) => {
          const chance = createChance(seed);
          const learned = learn(openProfileEstimate(RTX_4090), engine, 300, chance, { fault, streamed });
          expect(worstError(profileOf(learned), engine)).toBeLessThan(0.15);
        }),
        RUNS,
      );
    },
  );

  test('a lasting change of power is followed within 200 samples, a tenth of them wrong', () => {
    assert(
      property(engines, seeds, (engine, seed) => {
        const chance = createChance(seed);
        const options = { fault: 'anything', share: 0.1 } as const;
        const before = learn(openProfileEstimate(RTX_4090), engine, 400, chance, options);
        const capped = { ...engine, baseMs: engine.baseMs / 0.7, perSequenceMs: engine.perSequenceMs / 0.7 };
        expect(worstError(profileOf(before), capped)).toBeGreaterThan(0.15);
        const after = learn(before, capped, 200, chance, options);
        expect(worstError(profileOf(after), capped)).toBeLessThan(0.15);
      }),
      RUNS,
    );
  });

  test('an engine 30 times slower or faster than its kind is known after 150 samples', () => {
    assert(
      property(constantFrom(30, 1 / 30), seeds, (times, seed) => {
        const engine = {
          ...RTX_4090,
          baseMs: RTX_4090.baseMs * times,
          perSequenceMs: RTX_4090.perSequenceMs * times,
          perPrefillTokenMs: RTX_4090.perPrefillTokenMs * times,
        };
        const chance = createChance(seed);
        const learned = learn(openProfileEstimate(RTX_4090), engine, 150, chance, {
          fault: 'hung',
          share: 0.1,
        });
        expect(worstError(profileOf(learned), engine)).toBeLessThan(0.15);
      }),
      RUNS,
    );
  });

  test('with one sequence at a time, what that cannot tell is taken from the prior, at the speed that was measured', () => {
    const engine = { ...RTX_4090, baseMs: 34.2, perSequenceMs: 0.39, perPrefillTokenMs: 0.226 };
    const alone = { sequences: 1, joiningTokens: 0 };
    let estimate = openProfileEstimate(RTX_4090);
    for (let index = 0; index < 300; index += 1) {
      const [prefillTokens, outputTokens] = [200 + 37 * (index % 20), 50 + 11 * (index % 30)];
      const durationMs = prefillMs(engine, 1, prefillTokens) + decodeMs(engine, 1, outputTokens, 0);
      estimate = learnProfile(estimate, { ...alone, prefillTokens, outputTokens, durationMs });
    }
    expect(apart(profileOf(estimate).perSequenceMs, 0.39)).toBeLessThan(0.1);
    expect(apart(workMs(profileOf(estimate), 32, 1155, 211), workMs(engine, 32, 1155, 211))).toBeLessThan(
      0.05,
    );
  });

  test('power factors are those of the prior: the rest is learned at full power', () => {
    const capped: EngineProfile = { ...RTX_4090, prefillFactor: 0.6, decodeFactor: 0.94 };
    const learned = learn(openProfileEstimate(capped), capped, 200, createChance(3));
    expect(profileOf(learned)).toMatchObject({ prefillFactor: 0.6, decodeFactor: 0.94, samples: 200 });
    expect(apart(profileOf(learned).baseMs, RTX_4090.baseMs)).toBeLessThan(0.05);
  });

  test('embeddings, which answer nothing, tell how fast prompts are', () => {
    const engine = { ...RTX_4090, perPrefillTokenMs: 0.05 };
    let estimate = openProfileEstimate(RTX_4090);
    for (let index = 0; index < 200; index += 1) {
      const prefillTokens = 100 + 53 * (index % 40);
      const durationMs = prefillMs(engine, 4, prefillTokens);
      const sample = { prefillTokens, outputTokens: 0, sequences: 4, joiningTokens: 500, durationMs };
      estimate = learnProfile(estimate, sample);
    }
    expect(apart(prefillMs(profileOf(estimate), 4, 1000), prefillMs(engine, 4, 1000))).toBeLessThan(0.05);
  });
});

describe('an estimate', () => {
  test('begins as its prior, with no samples', () => {
    expect(profileOf(openProfileEstimate({ ...RTX_4090, samples: 7 }))).toEqual(RTX_4090);
  });

  test('survives a heartbeat: what comes out of JSON goes on learning as if nothing had happened', () => {
    const first = learn(openProfileEstimate(RTX_4090), RTX_4090, 50, createChance(1));
    const resumed = JSON.parse(JSON.stringify(first)) as ProfileEstimate;
    expect(learn(resumed, RTX_4090, 50, createChance(2))).toEqual(
      learn(first, RTX_4090, 50, createChance(2)),
    );
  });

  test('refuses figures that cannot be, and does not count them', () => {
    const estimate = openProfileEstimate(RTX_4090);
    const good = goodSample(RTX_4090, createChance(1), false);
    const bad: Partial<ProfileSample>[] = [
      { durationMs: 0 },
      { durationMs: -5 },
      { durationMs: Number.NaN },
      { durationMs: Infinity },
      { prefillTokens: -1 },
      { outputTokens: Number.NaN },
      { prefillTokens: 0, outputTokens: 0 },
      { sequences: Infinity },
      { joiningTokens: -1 },
      { joiningOutputTokens: -1 },
    ];
    for (const part of bad) expect(learnProfile(estimate, { ...good, ...part })).toBe(estimate);
    expect(learnProfile(estimate, good).samples).toBe(1);
  });

  test('believes only the whole duration when the first token came after the last, or at once', () => {
    const estimate = openProfileEstimate(RTX_4090);
    const whole = goodSample(RTX_4090, createChance(1), false);
    for (const firstTokenMs of [0, -1, Number.NaN, whole.durationMs, whole.durationMs + 1]) {
      expect(learnProfile(estimate, { ...whole, firstTokenMs })).toEqual(learnProfile(estimate, whole));
    }
    const streamed = { ...whole, firstTokenMs: whole.durationMs / 2 };
    expect(learnProfile(estimate, streamed)).not.toEqual(learnProfile(estimate, whole));
  });

  test('stays positive, finite and within 0.02 and 50 times the prior, whatever it is told', () => {
    const any = double({ noDefaultInfinity: false });
    const samples = record({
      prefillTokens: any,
      outputTokens: any,
      sequences: any,
      joiningTokens: any,
      joiningOutputTokens: any,
      durationMs: any,
      firstTokenMs: any,
    });
    const positive = double({ min: 1e-9, max: 1e7, noNaN: true });
    const plausible = record({
      prefillTokens: positive,
      outputTokens: positive,
      sequences: positive,
      joiningTokens: positive,
      joiningOutputTokens: positive,
      durationMs: double({ min: Number.MIN_VALUE, max: Number.MAX_VALUE, noNaN: true }),
      firstTokenMs: positive,
    });
    assert(
      property(samples, plausible, plausible, (first, second, third) => {
        const estimate = [first, second, third].reduce(learnProfile, openProfileEstimate(RTX_4090));
        const { baseMs, perSequenceMs, perPrefillTokenMs } = profileOf(estimate);
        for (const times of [
          baseMs / RTX_4090.baseMs,
          perSequenceMs / RTX_4090.perSequenceMs,
          perPrefillTokenMs / RTX_4090.perPrefillTokenMs,
        ]) {
          expect(times).toBeGreaterThanOrEqual(0.0199);
          expect(times).toBeLessThanOrEqual(50.1);
        }
        expect(JSON.parse(JSON.stringify(estimate))).toEqual(estimate);
      }),
      { numRuns: 1000 },
    );
  });
});

describe('the error of a sample', () => {
  const sample: ProfileSample = {
    prefillTokens: 800,
    outputTokens: 100,
    sequences: 4,
    joiningTokens: 500,
    joiningOutputTokens: 50,
    durationMs: 4000,
  };

  test('is what it took over what the plan would have said of it, with what was known before it', () => {
    const before = learn(openProfileEstimate(RTX_4090), RTX_4090, 20, createChance(1));
    const profile = profileOf(before);
    const saidMs = prefillMs(profile, 4, 800) + decodeMs(profile, 4, 100, 500, 50);
    expect(profileErrorRatio(before, { ...sample, durationMs: saidMs })).toBe(1);
    expect(profileErrorRatio(before, { ...sample, durationMs: 3 * saidMs })).toBeCloseTo(3, 9);
    const { joiningOutputTokens: _asLong, ...alike } = sample;
    const alikeMs = prefillMs(profile, 4, 800) + decodeMs(profile, 4, 100, 500);
    expect(profileErrorRatio(before, { ...alike, durationMs: alikeMs / 2 })).toBeCloseTo(0.5, 9);
  });

  test('is that of one sequence alone where fewer were counted', () => {
    const before = learn(openProfileEstimate(RTX_4090), RTX_4090, 20, createChance(1));
    const [none, one] = [0, 1].map((sequences) => profileErrorRatio(before, { ...sample, sequences }));
    expect(none).toBe(one);
  });

  test('is none before anything was learned, and none of figures that cannot be', () => {
    const unknown = openProfileEstimate(RTX_4090);
    expect(profileErrorRatio(unknown, sample)).toBeUndefined();
    const known = learnProfile(unknown, sample);
    expect(profileErrorRatio(known, sample)).toBeGreaterThan(0);
    expect(profileErrorRatio(known, { ...sample, durationMs: Number.NaN })).toBeUndefined();
    expect(profileErrorRatio(known, { ...sample, prefillTokens: 0, outputTokens: 0 })).toBeUndefined();
  });
});

interface Options {
  readonly fault?: 'slow' | 'hung' | 'cached' | 'anything';
  readonly share?: number;
  readonly streamed?: boolean;
}

function learn(
  from: ProfileEstimate,
  engine: EngineProfile,
  samples: number,
  chance: Chance,
  { fault, share = 0.2, streamed = false }: Options = {},
): ProfileEstimate {
  let estimate = from;
  for (let index = 0; index < samples; index += 1) {
    const sample = goodSample(engine, chance, streamed);
    const isWrong = fault !== undefined && chance.uniform() < share;
    estimate = learnProfile(estimate, isWrong ? FAULTS[fault](sample, chance) : sample);
  }
  return estimate;
}

const FAULTS: Record<
  NonNullable<Options['fault']>,
  (sample: ProfileSample, chance: Chance) => ProfileSample
> = {
  slow: (sample) => ({ ...sample, durationMs: sample.durationMs * 5 }),
  hung: (sample) => ({ ...sample, durationMs: sample.durationMs * 100 }),
  cached: (sample, chance) => ({ ...sample, durationMs: Math.floor(3 * chance.uniform()) }),
  anything: (sample, chance) => ({
    prefillTokens: chance.between(1, 1e6),
    outputTokens: chance.between(1, 1e5),
    sequences: chance.between(1, 500),
    joiningTokens: chance.between(1, 1e5),
    durationMs: chance.uniform() < 0.2 ? Number.NaN : chance.between(0.001, 1e7),
    ...(sample.firstTokenMs === undefined ? {} : { firstTokenMs: chance.between(0.001, 1e7) }),
  }),
};

/** A completion of a busy engine whose durations are 10 % off what the model says, one way or the other. */
function goodSample(engine: EngineProfile, chance: Chance, streamed: boolean): ProfileSample {
  const prefillTokens = Math.ceil(chance.between(20, 6000));
  const outputTokens = Math.ceil(chance.between(1, 1500));
  const sequences = 1 + 31 * chance.uniform();
  const joiningTokens = chance.between(200, 3000);
  const joiningOutputTokens = chance.between(80, 400);
  const firstTokenMs = prefillMs(engine, sequences, prefillTokens) * chance.factor(0.1);
  const rest = decodeMs(engine, sequences, outputTokens, joiningTokens, joiningOutputTokens);
  const durationMs = firstTokenMs + rest * chance.factor(0.1);
  const sample = { prefillTokens, outputTokens, sequences, joiningTokens, joiningOutputTokens, durationMs };
  return streamed ? { ...sample, firstTokenMs } : sample;
}

/** The largest relative error of work and residence, over small, usual and large jobs in a half full batch. */
function worstError(learned: EngineProfile, engine: EngineProfile): number {
  const jobs = [
    [300, 100],
    [1155, 211],
    [3000, 400],
  ] as const;
  return Math.max(
    ...jobs.flatMap(([input, output]) => [
      apart(workMs(learned, 16, input, output), workMs(engine, 16, input, output)),
      apart(residence(learned, input, output), residence(engine, input, output)),
    ]),
  );
}

const residence = (profile: EngineProfile, input: number, output: number): number =>
  prefillMs(profile, 16, input) + decodeMs(profile, 16, output, 1155, 211);
