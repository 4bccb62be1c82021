import { describe, expect, test } from 'vitest';
import { BatchingEngine, type BatchingOptions } from './batching.ts';
import { newSequence, type Sequence } from './sequence.ts';

const profile = { baseMs: 10, perSequenceMs: 1, perPrefillTokenMs: 0.1 };

const openEngine = (options: Partial<BatchingOptions> = {}): BatchingEngine =>
  new BatchingEngine({ profile, maxNumSeqs: 4, kvCapacityTokens: 4_096, speed: 1, ...options });

function enqueue(engine: BatchingEngine, promptTokens: number, outputTokens: number): Sequence {
  const sequence = newSequence(promptTokens, outputTokens, engine.nowMs);
  engine.enqueue(sequence);
  return sequence;
}

describe('BatchingEngine', () => {
  test('a step takes W + H * sequences + P * prefill tokens', () => {
    const engine = openEngine();
    const sequence = enqueue(engine, 100, 3);
    expect(engine.advanceTo(1_000)).toEqual([sequence]);
    // prefill: 10 + 1 + 100 * 0.1 = 21, then two steps of 10 + 1
    expect(sequence).toMatchObject({ admittedAtMs: 0, firstTokenAtMs: 21, finishedAtMs: 43, generated: 3 });
    expect([engine.running, engine.kvUsed, engine.nowMs]).toEqual([0, 0, 1_000]);
    expect([engine.promptTokens, engine.generatedTokens]).toEqual([100, 3]);
  });

  test('under a power limit every step takes longer by the lost share of speed', () => {
    const engine = openEngine({ speed: 0.5 });
    const sequence = enqueue(engine, 100, 1);
    engine.advanceTo(1_000);
    expect(sequence.finishedAtMs).toBe(42);
  });

  test('never more run at once than maxNumSeqs, and the queue is served in order', () => {
    const engine = openEngine({ maxNumSeqs: 3 });
    const sequences = Array.from({ length: 10 }, () => enqueue(engine, 16, 5));
    const finished: Sequence[] = [];
    for (let ms = 0; ms < 1_000; ms += 1) {
      finished.push(...engine.advanceTo(ms));
      expect(engine.running).toBeLessThanOrEqual(3);
    }
    expect(finished).toEqual(sequences);
    expect(engine.peakRunning).toBe(3);
  });

  test('a prompt above the step budget is computed in chunks of 2,048', () => {
    const engine = openEngine({ kvCapacityTokens: 8_192 });
    const sequence = enqueue(engine, 5_000, 1);
    engine.advanceTo(10_000);
    // chunks of 2048, 2048 and 904: three steps of 11 ms and 5,000 tokens of prefill
    expect(sequence.firstTokenAtMs).toBeCloseTo(3 * 11 + 500, 6);
  });

  test('a decoding sequence gets its token in every step, also beside a long prompt', () => {
    const engine = openEngine({ kvCapacityTokens: 16_384 });
    const decoding = enqueue(engine, 16, 100);
    engine.advanceTo(15);
    const long = enqueue(engine, 8_000, 1);
    const before = decoding.generated;
    engine.advanceTo(10_000);
    // 2,048 tokens per step less the one of the decoding sequence: four chunks
    expect(long.firstTokenAtMs).toBeCloseTo((decoding.firstTokenAtMs ?? 0) + 11 + 4 * 12 + 800, 6);
    expect(before).toBe(1);
  });

  test('a head of queue that does not fit into the KV cache blocks those behind it', () => {
    const engine = openEngine({ kvCapacityTokens: 1_024 });
    const first = enqueue(engine, 512, 10);
    const large = enqueue(engine, 768, 10);
    const small = enqueue(engine, 16, 10);
    engine.advanceTo(1);
    expect([first.phase, large.phase, small.phase]).toEqual(['running', 'waiting', 'waiting']);
    engine.advanceTo(1_000);
    expect(large.admittedAtMs).toBe(first.finishedAtMs);
    expect(small.admittedAtMs).toBe(large.admittedAtMs);
  });

  test('when the KV cache is full the newest starts over, keeps its tokens, and all finish', () => {
    const engine = openEngine({ kvCapacityTokens: 160 });
    const older = enqueue(engine, 32, 90);
    const newer = enqueue(engine, 32, 90);
    let generatedWhenPreempted = 0;
    for (let ms = 0; ms < 5_000; ms += 1) {
      engine.advanceTo(ms);
      if (newer.phase === 'waiting' && newer.generated > 0) generatedWhenPreempted = newer.generated;
      expect(engine.kvUsed).toBeLessThanOrEqual(1);
    }
    expect(engine.preemptions).toBe(1);
    expect(generatedWhenPreempted).toBeGreaterThan(30);
    expect(older.finishedAtMs).toBeLessThan(newer.finishedAtMs ?? 0);
    expect([older.generated, newer.generated, engine.kvUsed]).toEqual([90, 90, 0]);
    // the prompt counts once, however often it is computed
    expect(engine.promptTokens).toBe(64);
  });

  test('an abort in the middle of a step frees slot and KV at once and the next in line takes the slot', () => {
    const engine = openEngine({ maxNumSeqs: 1 });
    const first = enqueue(engine, 160, 50);
    const second = enqueue(engine, 160, 1);
    engine.advanceTo(5);
    expect([engine.running, engine.waiting]).toEqual([1, 1]);
    engine.abort(first);
    expect([engine.running, engine.waiting, engine.kvUsed]).toEqual([0, 1, 0]);
    expect(engine.advanceTo(1_000)).toEqual([second]);
    expect([first.phase, first.generated]).toEqual(['aborted', 0]);
  });

  test('an abort in the queue takes the request out; an abort after the end changes nothing', () => {
    const engine = openEngine({ maxNumSeqs: 1 });
    const first = enqueue(engine, 16, 2);
    const second = enqueue(engine, 16, 2);
    engine.abort(second);
    expect(engine.advanceTo(1_000)).toEqual([first]);
    engine.abort(first);
    expect(first.phase).toBe('finished');
  });

  test('a request for no tokens ends with its prompt', () => {
    const engine = openEngine();
    const sequence = enqueue(engine, 100, 0);
    expect(engine.advanceTo(Infinity)).toEqual([sequence]);
    expect(sequence).toMatchObject({ finishedAtMs: 21, generated: 0 });
  });

  test('a request larger than the whole KV cache is a bug of the caller', () => {
    const engine = openEngine({ kvCapacityTokens: 160 });
    expect(() => enqueue(engine, 100, 100)).toThrow(/larger than the whole KV cache/u);
  });
});
