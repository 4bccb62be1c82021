import { describe, expect, test } from 'vitest';
import { type EngineState, observeEngine, unknownEngine } from './engine-state.ts';
import { aSample } from './testing/fixtures.ts';

const good = (atMs: number) => aSample({ atMs });
const bad = (atMs: number, detail = 'HTTP 503') => aSample({ atMs, check: { kind: 'unhealthy', detail } });
const stalled = (atMs: number) => aSample({ atMs, progress: { kind: 'stalled', sinceMs: 400 } });

/** What is said of the engine after each look. */
const follow = (...samples: readonly ReturnType<typeof aSample>[]): readonly EngineState['down'][] => {
  let state = unknownEngine(0);
  return samples.map((sample) => {
    state = observeEngine(state, sample);
    return state.down;
  });
};

describe('an engine', () => {
  test('is down until it has answered once, and up from then on', () => {
    expect(unknownEngine(7).down).toEqual({ sinceMs: 7, because: 'the engine has not answered yet' });
    expect(follow(good(1))).toEqual([undefined]);
  });

  test('that never answered is down since the beginning, for what it says now', () => {
    expect(follow(bad(1), bad(2, 'no connection'))).toEqual([
      { sinceMs: 0, because: 'HTTP 503' },
      { sinceMs: 0, because: 'no connection' },
    ]);
  });

  test('is not down for one lost answer, but for two in a row, since the second', () => {
    expect(follow(good(1), bad(2), bad(3), bad(4))).toEqual([
      undefined,
      undefined,
      { sinceMs: 3, because: 'HTTP 503' },
      { sinceMs: 3, because: 'HTTP 503' },
    ]);
  });

  test('that answers between two lost answers has lost none in a row', () => {
    expect(follow(good(1), bad(2), good(3), bad(4))).toEqual([undefined, undefined, undefined, undefined]);
  });

  test('is up again with the first good answer', () => {
    expect(follow(good(1), bad(2), bad(3), good(4)).at(-1)).toBeUndefined();
  });

  test('that answers without making progress is down since its last token', () => {
    expect(follow(good(1), stalled(2), good(3))).toEqual([
      undefined,
      { sinceMs: 400, because: 'the engine answers but makes no progress' },
      undefined,
    ]);
  });

  test('is known to have told its own figures since it last did, whatever came after', () => {
    const silent = aSample({ atMs: 30, metrics: undefined });
    expect(observeEngine(unknownEngine(0), silent).metricsAtMs).toBeUndefined();
    const told = observeEngine(unknownEngine(0), good(20));
    expect(told.metricsAtMs).toBe(20);
    expect(observeEngine(observeEngine(told, silent), bad(40)).metricsAtMs).toBe(40);
    expect(observeEngine(told, { ...bad(40), metrics: undefined }).metricsAtMs).toBe(20);
  });

  test('keeps its models and what it is while it does not answer', () => {
    const up = observeEngine(unknownEngine(0), good(1));
    expect(observeEngine(up, bad(2))).toMatchObject({ models: ['llama-3.1-8b-sim'], simulated: true });
  });
});
