import { profileOf, RTX_4090, type Usage } from '@spillway/core';
import { describe, expect, test } from 'vitest';
import { type EngineKnowledge, KNOWS_NOTHING, learnFromAnswer, readKnowledge } from './engine-knowledge.ts';

const seen = { durationMs: 3000, sequences: 1, joinedTokens: 0 };
const usage = (changes: Partial<Usage> = {}): Usage => ({
  inputTokens: 400,
  cachedInputTokens: 0,
  outputTokens: 100,
  costMicroUsd: 0,
  ...changes,
});

/** What is known after these answers, each of a prompt that was estimated at 400 tokens. */
const after = (...answers: readonly Usage[]): EngineKnowledge =>
  answers.reduce((known, answer) => learnFromAnswer(known, answer, seen, 400).knowledge, KNOWS_NOTHING);

const prefill = (known: EngineKnowledge): number => profileOf(known.profile).perPrefillTokenMs;

describe('an answer', () => {
  test('teaches how fast the engine is', () => {
    const profile = profileOf(after(...Array.from({ length: 60 }, () => usage())).profile);
    // 100 steps of a sequence alone and 400 prompt tokens in 3,000 ms: a good deal slower than the prior's 1,794 ms
    const told = 100 * (profile.baseMs + profile.perSequenceMs) + 400 * profile.perPrefillTokenMs;
    expect(told).toBeGreaterThan(2800);
    expect(told).toBeLessThan(3200);
    expect(profile.samples).toBe(60);
  });

  test('counts the prompt tokens that had to be computed, not those that were cached', () => {
    const [all, few] = [after(usage()), after(usage({ cachedInputTokens: 390 }))];
    // the same time with less to compute: the rest of it is blamed more
    expect(prefill(few)).toBeLessThan(prefill(all));
    expect(few.computedShare).toBeCloseTo(10 / 400, 9);
  });

  test('without tokens teaches nothing: an embedding, or an engine that does not count', () => {
    const before = after(usage());
    for (const nothing of [usage({ outputTokens: 0 }), usage({ inputTokens: 0 })])
      expect(learnFromAnswer(before, nothing, seen, 400).knowledge).toBe(before);
  });

  test('costs its tokens the energy it took: long ones count for more, unknown ones not at all', () => {
    const known = after(
      usage({ energyJoules: 600 }),
      usage(),
      usage({ inputTokens: 4400, energyJoules: 900 }),
    );
    expect(known.joules / known.tokens).toBeCloseTo((600 * 0.98 + 900) / (500 * 0.98 + 4500), 9);
    expect(after(usage())).toMatchObject({ joules: 0, tokens: 0 });
  });

  test('tells how far prompts are misjudged: the plain mean at first, then of the last fifty', () => {
    expect(after(usage({ inputTokens: 200 }), usage({ inputTokens: 600 })).computedShare).toBe(1);
    const long = after(
      ...Array.from({ length: 200 }, () => usage()),
      ...Array.from({ length: 200 }, () => usage({ inputTokens: 800 })),
    );
    expect(long.computedShare).toBeGreaterThan(1.9);
  });

  test('is not slow for the prompts of others that were read meanwhile', () => {
    const beside = { durationMs: 3000, sequences: 4, joinedTokens: 9000 };
    const alone = { ...beside, joinedTokens: 0 };
    const [busy, idle] = [beside, alone].map(
      (load) => learnFromAnswer(KNOWS_NOTHING, usage(), load, 400).knowledge,
    );
    expect(profileOf((busy ?? KNOWS_NOTHING).profile).baseMs).toBeLessThan(
      profileOf((idle ?? KNOWS_NOTHING).profile).baseMs,
    );
  });

  test('of a prompt that was not foreseen at all does not upset what is known of the others', () => {
    const { knowledge: wild } = learnFromAnswer(after(usage()), usage({ inputTokens: 100_000 }), seen, 1);
    expect(wild.computedShare).toBeLessThanOrEqual(10);
    expect(profileOf(wild.profile).baseMs).toBeGreaterThan(RTX_4090.baseMs / 2);
  });
});

describe('the error of an answer', () => {
  const known = after(usage(), usage(), usage());
  const errorOf = (load: typeof seen, answer: Usage = usage(), before = known): number | undefined =>
    learnFromAnswer(before, answer, load, 400).errorRatio;

  test('is what it took over what was known before it, not with what it taught', () => {
    const { baseMs, perSequenceMs, perPrefillTokenMs } = profileOf(known.profile);
    // one step for the first token, one for each of the answer, and the prompt
    const saidMs = 101 * (baseMs + perSequenceMs) + 400 * perPrefillTokenMs;
    expect(errorOf({ ...seen, durationMs: saidMs })).toBeCloseTo(1, 9);
    expect(errorOf({ ...seen, durationMs: 2 * saidMs })).toBeCloseTo(2, 9);
  });

  test('is that of the engine alone: a long answer, a cached prompt and company were all expected', () => {
    const { baseMs, perSequenceMs, perPrefillTokenMs } = profileOf(known.profile);
    const saidMs = 1001 * (baseMs + 4 * perSequenceMs) + (10 + 9000) * perPrefillTokenMs;
    const beside = { durationMs: saidMs, sequences: 4, joinedTokens: 9000 };
    expect(errorOf(beside, usage({ cachedInputTokens: 390, outputTokens: 1000 }))).toBeCloseTo(1, 9);
  });

  test('is none of the first one, nor of one that teaches nothing', () => {
    expect(errorOf(seen, usage(), KNOWS_NOTHING)).toBeUndefined();
    expect(errorOf(seen, usage({ outputTokens: 0 }))).toBeUndefined();
    expect(errorOf({ ...seen, durationMs: 0 })).toBeUndefined();
  });
});

describe('what a worker leaves to the next one', () => {
  test('is gone on with, through JSON and within 4 KiB', () => {
    const left = JSON.stringify(
      after(...Array.from({ length: 300 }, () => usage({ energyJoules: 321.123456 }))),
    );
    expect(Buffer.byteLength(left)).toBeLessThan(4096);
    expect(readKnowledge(JSON.parse(left))).toEqual(JSON.parse(left));
    expect(readKnowledge(JSON.parse(left))?.profile.samples).toBe(300);
  });

  test.each([
    undefined,
    null,
    'text',
    {},
    { ...KNOWS_NOTHING, joules: null },
    { ...KNOWS_NOTHING, more: 1 },
    { ...KNOWS_NOTHING, profile: { ...KNOWS_NOTHING.profile, ratios: [1, 1] } },
    { ...KNOWS_NOTHING, profile: { ...KNOWS_NOTHING.profile, ratios: { 0: 1, 1: 1, 3: 1 } } },
  ])('and written by another version (%j) is nothing', (left) => {
    expect(readKnowledge(left)).toBeUndefined();
  });
});
