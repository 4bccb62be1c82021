import { type AttemptOutcome, RTX_4090, TRUSTED } from '@spillway/core';
import { backendDescriptorSchema } from '@spillway/redis';
import { aClaim } from '@spillway/worker-loop/testing';
import { describe, expect, test } from 'vitest';
import { describeBackend } from './describe-backend.ts';
import { createEngineLearner } from './engine-learner.ts';
import { observeEngine, unknownEngine } from './engine-state.ts';
import { aConfig, aSample, MODEL } from './testing/fixtures.ts';

const going = new AbortController().signal;
const usage = {
  inputTokens: 400,
  cachedInputTokens: 0,
  outputTokens: 100,
  costMicroUsd: 0,
  energyJoules: 500,
};
const ANSWER: AttemptOutcome = { kind: 'completed', statusCode: 200, body: {}, usage };

/** A learner of an engine whose attempts end when the test says so, by the test's clock. */
function open({ config = aConfig({ electricity_usd_per_kwh: 0.3 }), simulated = true } = {}) {
  const now = { ms: 0, config };
  const ratios: number[] = [];
  const learner = createEngineLearner({
    config: () => now.config,
    nowMs: () => now.ms,
    simulated: () => simulated,
    onErrorRatio: (ratio) => ratios.push(ratio),
  });
  const begin = () => {
    const { promise, resolve, reject } = Promise.withResolvers<AttemptOutcome>();
    const run = learner.observe(() => promise);
    const claim = aClaim({
      features: { ...aClaim().features, inputTokens: 400, outputTokens: 300 },
    });
    const ended = run(claim, going);
    return {
      end: (outcome: AttemptOutcome = ANSWER) => {
        resolve(outcome);
        return ended;
      },
      fail: (error: Error) => {
        reject(error);
        return ended;
      },
    };
  };
  /** One attempt alone that takes that long. */
  const attempt = (durationMs: number, outcome: AttemptOutcome = ANSWER) => {
    const { end } = begin();
    now.ms += durationMs;
    return end(outcome);
  };
  const answers = async (count: number, durationMs: number): Promise<void> => {
    for (let index = 0; index < count; index += 1) await attempt(durationMs);
  };
  return { now, learner, ratios, begin, attempt, answers };
}

describe('an attempt that is observed', () => {
  test('ends as it would have, and teaches when it was answered', async () => {
    const { learner, attempt } = open();
    expect(learner.learned()).toMatchObject({ profile: RTX_4090 });
    expect(learner.learned()).not.toHaveProperty('energy');
    expect(await attempt(3000)).toBe(ANSWER);
    expect(learner.learned().profile.samples).toBe(1);
    expect(learner.learned().profile.baseMs).toBeGreaterThan(RTX_4090.baseMs);
    expect(learner.learned().energy).toEqual({ joulesPerToken: 1, usdPerKwh: 0.3 });
  });

  test.each<AttemptOutcome>([
    { kind: 'aborted' },
    { kind: 'failed', reason: { kind: 'engine-lost', detail: 'gone' } },
    { ...ANSWER, usage: { ...usage, outputTokens: 0 } },
  ])('and is no answer with text teaches nothing: $kind', async (outcome) => {
    const { learner, attempt } = open();
    const before = learner.learned();
    expect(await attempt(3000, outcome)).toBe(outcome);
    expect(learner.learned()).toEqual(before);
  });

  test('is company to the others while it runs, and not after it failed or threw', async () => {
    const [alone, beside] = [open(), open()];
    for (const { now, begin } of [alone, beside]) {
      const broken = begin();
      await expect(broken.fail(new Error('a bug'))).rejects.toThrow('a bug');
      now.ms += 1000;
    }
    const other = beside.begin();
    const [one, two] = [alone.begin(), beside.begin()];
    alone.now.ms += 1794;
    beside.now.ms += 1794;
    await Promise.all([one.end(), two.end()]);
    // 17.1 + 100 x 17.295 + 400 x 0.113 ms is what the prior says of one alone; beside another one it is too quick
    expect(alone.learner.learned().profile.baseMs).toBeCloseTo(RTX_4090.baseMs, 0);
    expect(beside.learner.learned().profile.baseMs).toBeLessThan(alone.learner.learned().profile.baseMs);
    await other.end({ kind: 'aborted' });
  });
});

describe('the error of what is known', () => {
  test('is told of each answer but the first, and of nothing else', async () => {
    const { ratios, attempt, answers } = open();
    await answers(1, 3000);
    expect(ratios).toEqual([]);
    await answers(40, 3000);
    await attempt(6000);
    await attempt(6000, { kind: 'aborted' });
    await attempt(6000, { ...ANSWER, usage: { ...usage, outputTokens: 0 } });
    expect(ratios).toHaveLength(41);
    expect(ratios.at(-2)).toBeCloseTo(1, 1);
    expect(ratios.at(-1)).toBeCloseTo(2, 1);
  });

  test('is told by the next worker from its first answer on, since it goes on with what was known', async () => {
    const first = open();
    await first.answers(40, 3000);
    const { ratios, answers } = after(first);
    await answers(1, 3000);
    expect(ratios).toEqual([expect.closeTo(1, 1)]);
  });

  test('is that of the engine that is there: after a change there is none to begin with', async () => {
    const { ratios, now, begin, answers } = open();
    await answers(3, 3000);
    expect(ratios).toHaveLength(2);
    const last = begin();
    now.ms += 9000;
    now.config = aConfig({ url: 'http://127.0.0.1:2' });
    await last.end();
    await answers(1, 500);
    expect(ratios).toHaveLength(2);
  });
});

/** The next worker, with what `first` said in its last heartbeat. */
function after(first: ReturnType<typeof open>, ...[options]: Parameters<typeof open>) {
  const next = open(options);
  const state = observeEngine(unknownEngine(0), aSample());
  const said = describeBackend(first.now.config, state, first.learner.learned(), 1000);
  next.learner.resume(backendDescriptorSchema.parse(JSON.parse(JSON.stringify(said))));
  return next;
}

describe('what has been learned', () => {
  test('goes on with the next worker of the same kind of engine and the same models, wherever it is', async () => {
    const first = open();
    await first.answers(30, 3000);
    first.learner.judge('timed-out');
    const url = 'http://127.0.0.1:2';
    const { learner } = after(first, { config: aConfig({ url, electricity_usd_per_kwh: 0.3 }) });
    expect(learner.learned()).toEqual(first.learner.learned());
    expect(learner.learned()).toMatchObject({ profile: { samples: 30 }, reliability: { timedOut: 0.02 } });
  });

  test('does not of another kind, of other models, or of a simulated engine for a real one', async () => {
    const first = open();
    await first.answers(3, 3000);
    for (const { learner } of [
      after(first, { config: aConfig({ kind: 'llamacpp' }) }),
      after(first, { config: aConfig({ models: { [MODEL]: 'another' } }) }),
      after(first, { simulated: false }),
    ])
      expect(learner.learned()).toEqual(open().learner.learned());
  });

  test('is not given up for less: a worker that was taken for dead knows more than its short-lived successor', async () => {
    const [first, second] = [open(), open()];
    await first.answers(5, 3000);
    const known = first.learner.learned();
    await second.answers(2, 500);
    first.learner.resume(describeBackend(aConfig(), unknownEngine(0), second.learner.learned(), 0));
    expect(first.learner.learned()).toEqual(known);
  });

  test('leaves what another one has left alone until there is something of its own', async () => {
    const { learner, answers } = open();
    expect(learner.learned()).not.toHaveProperty('profileEstimate');
    learner.resume(undefined);
    learner.resume({
      ...describeBackend(aConfig(), unknownEngine(0), learner.learned(), 0),
      profileEstimate: null,
    });
    await answers(1, 3000);
    expect(learner.learned()).toHaveProperty('profileEstimate');
  });

  test('is forgotten when another engine is configured, and what the old one still answers counts for nothing', async () => {
    const { learner, now, begin, answers } = open();
    await answers(3, 3000);
    learner.judge('failed');
    const last = begin();
    now.ms += 9000;
    now.config = aConfig({ url: 'http://127.0.0.1:2' });
    await last.end();
    expect(learner.learned()).toMatchObject({ profile: RTX_4090, reliability: TRUSTED });
    await answers(2, 3000);
    expect(learner.learned().profile.samples).toBe(2);
  });

  test('stays when only limits and prices change', async () => {
    const { learner, now, answers } = open();
    await answers(3, 3000);
    now.config = aConfig({ max_concurrency: 3, electricity_usd_per_kwh: 0.1 });
    expect(learner.learned()).toMatchObject({ profile: { samples: 3 }, energy: { usdPerKwh: 0.1 } });
  });
});
