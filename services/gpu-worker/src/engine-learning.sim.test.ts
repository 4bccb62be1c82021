import { type AttemptOutcome, decodeMs, type EngineProfile, prefillMs, RTX_4090 } from '@spillway/core';
import { BatchingEngine, newSequence, type Sequence, type StepProfile } from '@spillway/engine-sim';
import { aClaim } from '@spillway/worker-loop/testing';
import { expect, test } from 'vitest';
import { createEngineLearner } from './engine-learner.ts';
import { aConfig } from './testing/fixtures.ts';

/** A repeatable row of numbers in [0, 1): a linear congruence is random enough for lengths. */
function numbers(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state * 1_103_515_245 + 12_345) % 2 ** 31;
    return state / 2 ** 31;
  };
}

/** What a learner knows of an engine that served closed loops of clients, in the engine's own time, and its errors. */
async function learnFrom(
  profile: StepProfile,
  loops: readonly (readonly [clients: number, answers: number])[],
) {
  const engine = new BatchingEngine({ profile, maxNumSeqs: 48, kvCapacityTokens: 96_000, speed: 1 });
  const running = new Map<Sequence, (outcome: AttemptOutcome) => void>();
  const ratios: number[] = [];
  const learner = createEngineLearner({
    config: () => aConfig(),
    nowMs: () => engine.nowMs,
    simulated: () => true,
    onErrorRatio: (ratio) => ratios.push(ratio),
  });
  const random = numbers(7);
  const ask = async (): Promise<void> => {
    const [inputTokens, outputTokens] = [100 + Math.floor(random() * 800), 30 + Math.floor(random() * 220)];
    // nobody knows before how many tokens a prompt has
    const features = { ...aClaim().features, inputTokens: Math.round(inputTokens * (0.8 + random() * 0.3)) };
    const run = learner.observe(async () => {
      const sequence = newSequence(inputTokens, outputTokens, engine.nowMs);
      engine.enqueue(sequence);
      return new Promise((resolve) => running.set(sequence, resolve));
    });
    await run(aClaim({ features }), new AbortController().signal);
  };
  const finishOne = async (): Promise<void> => {
    let finished: readonly Sequence[] = [];
    while (finished.length === 0) finished = engine.advanceTo((engine.stepEndsAtMs ?? engine.nowMs) + 1e-6);
    for (const sequence of finished) {
      const { promptTokens: inputTokens, outputTokens } = sequence;
      const usage = { inputTokens, cachedInputTokens: 0, outputTokens, costMicroUsd: 0 };
      running.get(sequence)?.({ kind: 'completed', statusCode: 200, body: {}, usage });
      running.delete(sequence);
    }
    // whoever waited for these asks its next one before time goes on
    await new Promise((resolve) => setImmediate(resolve));
  };
  for (const [clients, answers] of loops) {
    let left = answers;
    const client = async (): Promise<void> => {
      while (left > 0) {
        left -= 1;
        await ask();
      }
    };
    const all = Array.from({ length: clients }, client);
    while (running.size > 0) await finishOne();
    await Promise.all(all);
  }
  return { learned: learner.learned().profile, ratios };
}

/** Time of a middling job beside so many others, in ms. */
const jobMs = (profile: EngineProfile, sequences: number): number =>
  prefillMs(profile, sequences, 500) + decodeMs(profile, sequences, 140, 500);

const quantile = (share: number, values: readonly number[]): number =>
  values.toSorted((a, b) => a - b)[Math.floor(share * values.length)] ?? Number.NaN;

const percent = (values: readonly number[]): string =>
  values.map((value) => `${(value * 100).toFixed(1)} %`).join(', ');

test.each([
  ['twice as slow', { baseMs: 34.2, perSequenceMs: 0.39, perPrefillTokenMs: 0.226 }],
  ['slow to read prompts', { baseMs: 17.1, perSequenceMs: 0.195, perPrefillTokenMs: 0.4 }],
  ['quicker, but crowded sooner', { baseMs: 8, perSequenceMs: 0.8, perPrefillTokenMs: 0.05 }],
])(
  'a card %s is known after 150 answers: durations within 15 percent, those of the answers within 20',
  async (_kind, step) => {
    const { learned, ratios } = await learnFrom(step, [
      [2, 20],
      [16, 80],
      [6, 50],
    ]);
    const truth: EngineProfile = { ...RTX_4090, ...step };
    const errors = [1, 4, 8, 16].map((sequences) => jobMs(learned, sequences) / jobMs(truth, sequences) - 1);
    const before = [1, 4, 8, 16].map((sequences) => jobMs(RTX_4090, sequences) / jobMs(truth, sequences) - 1);
    const late = ratios.slice(-100);
    const [median, p90] = [quantile(0.5, late), quantile(0.9, late)];
    const error90 = quantile(
      0.9,
      late.map((ratio) => Math.abs(ratio - 1)),
    );
    console.log(
      `W ${learned.baseMs.toFixed(2)} of ${step.baseMs}, H ${learned.perSequenceMs.toFixed(3)} of ${step.perSequenceMs}, ` +
        `P ${learned.perPrefillTokenMs.toFixed(3)} of ${step.perPrefillTokenMs}; durations off by ${percent(errors)}, ` +
        `before: ${percent(before)}; the last 100 took ${median.toFixed(3)} of what was expected (median), ` +
        `${p90.toFixed(3)} (p90), nine tenths of them within ${percent([error90])} of it`,
    );
    expect(learned.samples).toBe(150);
    for (const error of errors) expect(Math.abs(error)).toBeLessThan(0.15);
    expect(ratios).toHaveLength(149);
    expect(Math.abs(median - 1)).toBeLessThan(0.03);
    expect(error90).toBeLessThan(0.2);
  },
);
