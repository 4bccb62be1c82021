import { RTX_4090 } from '@spillway/core';
import { BatchingEngine as SteppingEngine, newSequence as steppingSequence } from '@spillway/engine-sim';
import { describe, expect, test } from 'vitest';
import { seededRandom } from '../traces/seeded-random.ts';
import { BatchingEngine } from './batching-engine.ts';
import { newSequence, type Sequence } from './engine.ts';

interface Request {
  readonly atMs: number;
  readonly promptTokens: number;
  readonly outputTokens: number;
  readonly prefix: readonly number[];
  /** Given up so long after it came. */
  readonly abortAfterMs?: number;
}

interface Workload {
  readonly requests: number;
  readonly meanGapMs: number;
  readonly longestPrompt: number;
  readonly longestAnswer: number;
  readonly kvCapacityTokens: number;
  readonly maxSequences: number;
  readonly families: number;
  readonly aborts: number;
}

const ordinary: Workload = {
  requests: 300,
  meanGapMs: 150,
  longestPrompt: 3000,
  longestAnswer: 500,
  kvCapacityTokens: 40_000,
  maxSequences: 48,
  families: 0,
  aborts: 0,
};

describe('BatchingEngine ends every request when an engine that does each single step does', () => {
  test.each([
    ['with room for all', ordinary],
    ['when idle between requests', { ...ordinary, meanGapMs: 6000 }],
    ['with more requests than slots', { ...ordinary, maxSequences: 6 }],
    ['while a full KV cache preempts', { ...ordinary, kvCapacityTokens: 6000, meanGapMs: 400 }],
    ['with prompts of many steps', { ...ordinary, longestPrompt: 20_000, meanGapMs: 900 }],
    ['with prefixes in its cache', { ...ordinary, families: 12 }],
    ['with prefixes that a small cache forgets', { ...ordinary, families: 12, kvCapacityTokens: 8000 }],
    ['with requests given up', { ...ordinary, aborts: 0.3, kvCapacityTokens: 9000, families: 5 }],
  ] as const)('%s', (_name, workload) => {
    for (let seed = 1; seed <= 6; seed += 1) {
      const requests = randomRequests(seed, workload);
      const expected = runStepping(requests, workload);
      const actual = runFast(requests, workload);
      // rounding differs: many steps are one multiplication here
      const wrong = expected.ends.filter((end, index) => Math.abs((actual.ends[index] ?? -2) - end) > 0.001);
      expect([seed, wrong]).toEqual([seed, []]);
      expect(actual.firsts.map(Math.round)).toEqual(expected.firsts.map(Math.round));
      expect(actual.counters).toEqual(expected.counters);
    }
  });
});

test('steps are slower under a power limit, prompts and answers each by their factor', () => {
  const profile = { ...RTX_4090, baseMs: 10, perSequenceMs: 1, perPrefillTokenMs: 0.1 };
  const engine = new BatchingEngine({
    profile: { ...profile, prefillFactor: 0.5, decodeFactor: 0.8 },
    maxSequences: 4,
    kvCapacityTokens: 4096,
    prefixBlockTokens: 512,
  });
  const sequence = newSequence(0, 100, 3);
  engine.enqueue(sequence, 0);
  engine.advanceTo(1000, []);
  expect(sequence.firstTokenAtMs).toBeCloseTo(11 / 0.8 + 10 / 0.5, 9);
  expect(sequence.finishedAtMs).toBeCloseTo(3 * (11 / 0.8) + 10 / 0.5, 9);
});

test('tells how far an answer is in the middle of a run', () => {
  const engine = new BatchingEngine({
    profile: RTX_4090,
    maxSequences: 4,
    kvCapacityTokens: 4096,
    prefixBlockTokens: 512,
  });
  const sequence = newSequence(0, 10, 100);
  engine.enqueue(sequence, 0);
  engine.advanceTo(1000, []);
  const stepMs = RTX_4090.baseMs + RTX_4090.perSequenceMs;
  const expected = 1 + Math.floor((1000 - sequence.firstTokenAtMs) / stepMs);
  expect(engine.generatedBy(sequence, 1000)).toBe(expected);
  expect(sequence.generated).toBeLessThan(expected);
});

function randomRequests(seed: number, workload: Workload): readonly Request[] {
  const random = seededRandom(seed, 'workload');
  let atMs = 0;
  return Array.from({ length: workload.requests }, () => {
    atMs += -Math.log(1 - random()) * workload.meanGapMs;
    const promptTokens = 1 + Math.floor(random() * workload.longestPrompt);
    const blocks = Math.floor(promptTokens / 16);
    const family = Math.floor(random() * workload.families);
    const shared = Math.floor(random() * blocks);
    const own = Math.floor(random() * 1e9);
    return {
      atMs,
      promptTokens,
      outputTokens: Math.floor(random() * workload.longestAnswer),
      prefix:
        workload.families === 0
          ? []
          : Array.from({ length: blocks }, (_, block) =>
              block < shared ? family * 100_000 + block : own * 100_000 + block,
            ),
      ...(random() < workload.aborts ? { abortAfterMs: random() * 8000 } : {}),
    };
  });
}

interface Outcome {
  /** NaN where it was given up first. */
  readonly ends: readonly number[];
  readonly firsts: readonly number[];
  readonly counters: { readonly preemptions: number; readonly generated: number; readonly cached: number };
}

/** Arrivals and what is given up, in order. */
const happenings = (requests: readonly Request[]) =>
  requests
    .flatMap(({ atMs, abortAfterMs }, index) => [
      { atMs, index, isAbort: false },
      ...(abortAfterMs === undefined ? [] : [{ atMs: atMs + abortAfterMs, index, isAbort: true }]),
    ])
    .toSorted((a, b) => a.atMs - b.atMs);

function runStepping(requests: readonly Request[], workload: Workload): Outcome {
  const engine = new SteppingEngine({
    profile: RTX_4090,
    maxNumSeqs: workload.maxSequences,
    kvCapacityTokens: workload.kvCapacityTokens,
    speed: 1,
  });
  const sequences = requests.map(({ atMs, promptTokens, outputTokens, prefix }) =>
    steppingSequence(promptTokens, outputTokens, atMs, prefix.map(String)),
  );
  const admitted = (index: number): boolean => fits(requests[index], workload);
  for (const { atMs, index, isAbort } of happenings(requests)) {
    engine.advanceTo(atMs);
    const sequence = sequences[index];
    if (sequence === undefined || !admitted(index)) continue;
    if (isAbort) engine.abort(sequence);
    else engine.enqueue(sequence);
  }
  engine.advanceTo(Number.POSITIVE_INFINITY);
  return {
    ends: sequences.map(({ finishedAtMs }) => finishedAtMs ?? -1),
    firsts: sequences.map(({ firstTokenAtMs }) => firstTokenAtMs ?? -1),
    counters: {
      preemptions: engine.preemptions,
      generated: engine.generatedTokens,
      cached: engine.prefixHits,
    },
  };
}

function runFast(requests: readonly Request[], workload: Workload): Outcome {
  const engine = new BatchingEngine({
    profile: RTX_4090,
    maxSequences: workload.maxSequences,
    kvCapacityTokens: workload.kvCapacityTokens,
    prefixBlockTokens: 16,
  });
  const finished: Sequence[] = [];
  const sequences = requests.map(({ promptTokens, outputTokens, prefix }, index) =>
    newSequence(index, promptTokens, outputTokens, prefix),
  );
  for (const { atMs, index, isAbort } of happenings(requests)) {
    engine.advanceTo(atMs, finished);
    const sequence = sequences[index];
    if (sequence === undefined || !fits(requests[index], workload)) continue;
    if (isAbort) engine.abort(sequence, atMs);
    else engine.enqueue(sequence, atMs);
  }
  engine.advanceTo(Number.POSITIVE_INFINITY, finished);
  expect(finished.length).toBe(sequences.filter(({ phase }) => phase === 'finished').length);
  const { preemptions, generatedTokens, cachedTokens } = engine.counters;
  return {
    ends: sequences.map(({ finishedAtMs }) => orMinus(finishedAtMs)),
    firsts: sequences.map(({ firstTokenAtMs }) => orMinus(firstTokenAtMs)),
    counters: { preemptions, generated: generatedTokens, cached: cachedTokens },
  };
}

const fits = (request: Request | undefined, { kvCapacityTokens }: Workload): boolean =>
  request !== undefined && request.promptTokens + request.outputTokens <= kvCapacityTokens - 16;

const orMinus = (atMs: number): number => (Number.isNaN(atMs) ? -1 : atMs);
