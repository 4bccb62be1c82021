import { describe, expect, test } from 'vitest';
import { createAttemptLoad } from './attempt-load.ts';

describe('the load that an attempt saw', () => {
  test('of one alone is itself', () => {
    const load = createAttemptLoad();
    const alone = load.begin(1000, 500);
    expect(load.end(alone, 3000)).toEqual({ durationMs: 2000, sequences: 1, joinedTokens: 0 });
  });

  test('is the average over its life, and the prompts that began in it, whenever the others came and went', () => {
    const load = createAttemptLoad();
    const before = load.begin(0, 100);
    const observed = load.begin(1000, 9999);
    expect(load.end(before, 1500)).toEqual({
      durationMs: 1500,
      sequences: 1 + 500 / 1500,
      joinedTokens: 9999,
    });
    const within = load.begin(2000, 400);
    load.end(within, 3000);
    const after = load.begin(4500, 700);
    // of its 4,000 ms, three others were there for 500, 1,000 and 500; two of them began in that time
    expect(load.end(observed, 5000)).toEqual({ durationMs: 4000, sequences: 1.5, joinedTokens: 1100 });
    expect(load.end(after, 6000)).toMatchObject({ joinedTokens: 0 });
  });

  test('is the same for attempts that begin together, in whichever order: each waits for the prompts of all', () => {
    const load = createAttemptLoad();
    const all = [100, 200, 300].map((tokens, index) => load.begin(1000 + index * 5, tokens));
    const seen = all.map((handle) => load.end(handle, 2000 + handle.beganAtMs));
    expect(seen.map((one) => one?.joinedTokens)).toEqual([500, 400, 300]);
    expect(seen.every((one) => (one?.sequences ?? 0) > 2.9)).toBe(true);
  });

  test('has nothing of a prompt that has just begun when it ends', () => {
    const load = createAttemptLoad();
    const ending = load.begin(0, 10);
    load.begin(990, 5000);
    expect(load.end(ending, 1000)?.joinedTokens).toBe(0);
  });

  test('of an attempt without length is what it found', () => {
    const load = createAttemptLoad();
    load.begin(0, 10);
    const short = load.begin(50, 10);
    expect(load.end(short, 50)).toEqual({ durationMs: 0, sequences: 2, joinedTokens: 0 });
  });

  test('is told once, and an attempt that was ended is in nobody’s way', () => {
    const load = createAttemptLoad();
    const first = load.begin(0, 10);
    load.end(first, 10);
    expect(load.end(first, 20)).toBeUndefined();
    const second = load.begin(20, 10);
    expect(load.end(second, 30)).toMatchObject({ sequences: 1 });
  });

  test('stays exact over very many attempts', () => {
    const load = createAttemptLoad();
    const handles = Array.from({ length: 80 }, (_, index) => load.begin(index, 64));
    for (let ms = 80; ms < 100_000; ms += 1) {
      const oldest = handles.shift();
      if (oldest !== undefined) load.end(oldest, ms);
      handles.push(load.begin(ms, 64));
    }
    const last = handles.at(-1);
    // one begins every ms: those of the last 20 ms before its end have not been read, those of the 20 before its begin have
    expect(last && load.end(last, 100_050)).toEqual({ durationMs: 51, sequences: 80, joinedTokens: 19 * 64 });
  });
});
