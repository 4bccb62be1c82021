import { describe, expect, test } from 'vitest';
import { newSequence, type Sequence } from './engine.ts';
import { SerialEngine } from './serial-engine.ts';

const openEngine = (cacheBlocks = 4): SerialEngine =>
  new SerialEngine({ perPrefillTokenMs: 0.1, perOutputTokenMs: 20, cacheBlocks, prefixBlockTokens: 512 });

function runAll(engine: SerialEngine, ...sequences: readonly Sequence[]): readonly Sequence[] {
  const finished: Sequence[] = [];
  for (const sequence of sequences) engine.enqueue(sequence);
  engine.advanceTo(Number.POSITIVE_INFINITY, finished);
  return finished;
}

describe('SerialEngine', () => {
  test('computes prompts one after the other, and answers side by side', () => {
    const [first, second] = [newSequence(0, 1000, 11), newSequence(1, 500, 1)];
    expect(runAll(openEngine(), first, second)).toEqual([second, first]);
    expect([first.firstTokenAtMs, first.finishedAtMs]).toEqual([100, 300]);
    expect([second.firstTokenAtMs, second.finishedAtMs]).toEqual([150, 150]);
  });

  test('computes only what its cache does not hold, and forgets what was used longest ago', () => {
    const engine = openEngine();
    const cachedOf = (prefix: readonly number[]): number => {
      const sequence = newSequence(0, prefix.length * 512 + 100, 1, prefix);
      runAll(engine, sequence);
      return sequence.cachedTokens;
    };
    expect(cachedOf([1, 2])).toBe(0);
    expect(cachedOf([1, 2, 3])).toBe(1024);
    expect(cachedOf([1])).toBe(512);
    // the end of a prompt goes before its beginning
    expect(cachedOf([7, 8])).toBe(0);
    expect(cachedOf([1, 2, 3])).toBe(1024);
    expect(engine.counters).toMatchObject({ cachedTokens: 2560, generatedTokens: 5 });
  });

  test('a prompt larger than the cache is computed, and as much of its beginning is kept as fits', () => {
    const engine = openEngine(2);
    const prefix = [1, 2, 3];
    runAll(engine, newSequence(0, 2000, 1, prefix));
    const again = newSequence(1, 2000, 1, prefix);
    runAll(engine, again);
    expect(again.cachedTokens).toBe(1024);
  });

  test('what is given up before its prompt or its answer is through ends nowhere', () => {
    const engine = openEngine();
    const sequences = Array.from({ length: 3 }, (_, owner) => newSequence(owner, 1000, 11));
    const [answering, computing, waiting] = sequences;
    if (answering === undefined || computing === undefined || waiting === undefined) throw new Error('three');
    for (const sequence of sequences) engine.enqueue(sequence);
    engine.advanceTo(150, []);
    expect([engine.running, engine.waiting, engine.nextAtMs]).toEqual([2, 1, 200]);
    expect(engine.generatedBy(answering, 150)).toBe(3);
    for (const sequence of [waiting, computing, answering]) engine.abort(sequence);
    expect([engine.running, engine.waiting]).toEqual([0, 0]);
    const finished: Sequence[] = [];
    engine.advanceTo(Number.POSITIVE_INFINITY, finished);
    engine.abort(answering);
    expect(finished).toEqual([]);
    expect(engine.nextAtMs).toBe(Number.POSITIVE_INFINITY);
  });
});
