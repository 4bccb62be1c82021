import { describe, expect, test } from 'vitest';
import { promptFrom } from '../answers/prompt.ts';
import { BatchingEngine, type BatchingOptions } from './batching.ts';
import { BLOCK_TOKENS } from './kv-blocks.ts';
import { prefixHashes } from './prefix-hashes.ts';
import { newSequence, type Sequence } from './sequence.ts';

const profile = { baseMs: 10, perSequenceMs: 1, perPrefillTokenMs: 0.1 };

const openEngine = (options: Partial<BatchingOptions> = {}): BatchingEngine =>
  new BatchingEngine({ profile, maxNumSeqs: 4, kvCapacityTokens: 4_096, speed: 1, ...options });

/** A text of so many tokens; with the frame of its message a prompt has four more. */
const words = (letter: string, tokens: number): string => letter.repeat(tokens * 4);

function ask(engine: BatchingEngine, texts: readonly string[], outputTokens = 1, salt = ''): Sequence {
  const { tokens } = promptFrom(texts);
  const sequence = newSequence(tokens, outputTokens, engine.nowMs, prefixHashes(texts, salt));
  engine.enqueue(sequence);
  return sequence;
}

/** Runs one prompt by itself and returns what it found in the cache, and how long its first token took. */
function run(engine: BatchingEngine, texts: readonly string[], salt = ''): readonly [number, number] {
  const sequence = ask(engine, texts, 1, salt);
  engine.advanceTo(Infinity);
  return [sequence.cachedTokens, (sequence.firstTokenAtMs ?? 0) - sequence.arrivedAtMs];
}

/** When the second of two sequences ends that do not fit side by side, so that it has to begin again. */
function lastFinish(hashesOf: (text: string) => readonly string[]): number {
  const engine = openEngine({ kvCapacityTokens: 160 });
  for (const text of [words('a', 28), words('b', 28)]) engine.enqueue(newSequence(32, 90, 0, hashesOf(text)));
  const newer = engine.advanceTo(Infinity).at(-1);
  expect([engine.preemptions, newer?.cachedTokens, engine.kvUsed]).toEqual([1, 0, 0]);
  return newer?.finishedAtMs ?? 0;
}

describe('the prefix cache', () => {
  test('spares a repeated prompt its full blocks, all but the last token', () => {
    const engine = openEngine();
    // 160 tokens in 10 blocks: 11 ms and 16 ms of prefill, then the last block alone
    const [[cold, coldMs], [warm, warmMs]] = [run(engine, [words('a', 156)]), run(engine, [words('a', 156)])];
    expect([cold, warm]).toEqual([0, 144]);
    expect(coldMs).toBeCloseTo(27, 9);
    expect(warmMs).toBeCloseTo(12.6, 9);
    expect([engine.prefixQueries, engine.prefixHits]).toEqual([320, 144]);
    // as vLLM counts it: a prompt that was read from the cache has been processed, too
    expect(engine.promptTokens).toBe(320);
  });

  test('spares a longer prompt what it shares with one before, and nothing after the first difference', () => {
    const engine = openEngine();
    run(engine, [words('a', 60), words('b', 60)]);
    expect(run(engine, [words('a', 60), words('c', 60)])[0]).toBe(64);
    expect(run(engine, [words('a', 60), words('b', 60), words('d', 60)])[0]).toBe(128);
    expect(run(engine, [words('x', 60), words('b', 60)])[0]).toBe(0);
  });

  test('is not shared by prompts with different salts', () => {
    const engine = openEngine();
    run(engine, [words('a', 156)], 'one');
    expect(run(engine, [words('a', 156)], 'two')[0]).toBe(0);
    expect(run(engine, [words('a', 156)], 'one')[0]).toBe(144);
  });

  test('keeps nobody waiting: what is only remembered counts as free, and the oldest is forgotten first', () => {
    const engine = openEngine({ kvCapacityTokens: 20 * BLOCK_TOKENS });
    run(engine, [words('a', 124)]);
    run(engine, [words('b', 124)]);
    expect(engine.kvUsed).toBe(0);
    // 8 blocks each and a partial one for the answer: the third needs 9 of the 20, so the first loses some from its end
    run(engine, [words('c', 124)]);
    expect(run(engine, [words('b', 124)])[0]).toBe(112);
    expect(run(engine, [words('a', 124)])[0]).toBeLessThan(112);
  });

  test('shares blocks that are in use, and holds them until the last one is done', () => {
    const engine = openEngine({ kvCapacityTokens: 16 * BLOCK_TOKENS });
    const first = ask(engine, [words('a', 124)], 40);
    engine.advanceTo(engine.nowMs + 30);
    const second = ask(engine, [words('a', 124)], 2);
    engine.advanceTo(engine.nowMs + 40);
    expect(second.cachedTokens).toBe(112);
    // two prompts of 8 blocks and their answers, which would not fit side by side
    expect(engine.kvUsed * 16).toBeLessThanOrEqual(12);
    engine.abort(first);
    engine.advanceTo(Infinity);
    expect([second.phase, engine.kvUsed]).toEqual(['finished', 0]);
  });

  test('gives a preempted sequence the beginning of its own prompt back', () => {
    const sparedMs = lastFinish(() => []) - lastFinish((text) => prefixHashes([text], ''));
    expect(sparedMs).toBeCloseTo(32 * profile.perPrefillTokenMs, 9);
  });

  test('holds nothing of a prompt whose computation was cut short', () => {
    const engine = openEngine();
    const cut = ask(engine, [words('a', 156)]);
    engine.advanceTo(5);
    engine.abort(cut);
    expect(run(engine, [words('a', 156)])[0]).toBe(0);
  });
});
