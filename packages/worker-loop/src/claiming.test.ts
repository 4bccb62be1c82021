import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { type Claiming, startClaiming } from './claiming.ts';

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

/** A store that hands out what a test puts in it, and attempts that end when the test says so. */
function openStore(slots: number) {
  const waiting: string[] = [];
  const asked: number[] = [];
  const ran = new Map<string, () => void>();
  const givenBack: string[] = [];
  const errors: unknown[] = [];
  const store = {
    waiting,
    asked,
    ran,
    givenBack,
    errors,
    answerAfterMs: 0,
    refuses: false,
  };
  const claiming: Claiming = startClaiming<string>({
    slots,
    claim: async (most) => {
      asked.push(most);
      if (store.refuses) throw new Error('LOADING');
      const claims = waiting.splice(0, most);
      if (store.answerAfterMs > 0) await new Promise((resolve) => setTimeout(resolve, store.answerAfterMs));
      return claims;
    },
    run: (claim) => new Promise((resolve) => ran.set(claim, resolve)),
    giveBack: async (claim) => void givenBack.push(claim),
    onError: (error) => errors.push(error),
  });
  return { ...store, store, claiming };
}

const settle = (): Promise<unknown> => vi.advanceTimersByTimeAsync(5);

describe('claiming', () => {
  test('takes what fits its slots, and the next one as soon as one has ended', async () => {
    const { waiting, ran, claiming } = openStore(2);
    waiting.push('a', 'b', 'c');
    claiming.wake();
    await settle();
    expect([...ran.keys()]).toEqual(['a', 'b']);
    ran.get('a')?.();
    await settle();
    expect([...ran.keys()]).toEqual(['a', 'b', 'c']);
  });

  test('asks once a second while nothing is said, and at once when something is', async () => {
    const { waiting, asked, ran, claiming } = openStore(2);
    await vi.advanceTimersByTimeAsync(3500);
    expect(asked.length).toBeGreaterThanOrEqual(4);
    expect(asked.length).toBeLessThanOrEqual(5);
    waiting.push('a');
    claiming.wake();
    await settle();
    expect([...ran.keys()]).toEqual(['a']);
  });

  test('an answer that came too late begins nothing: what it brings goes back', async () => {
    const { store, waiting, ran, givenBack, claiming } = openStore(2);
    store.answerAfterMs = 6000;
    waiting.push('a');
    claiming.wake();
    await vi.advanceTimersByTimeAsync(7000);
    expect([givenBack, [...ran.keys()]]).toEqual([['a'], []]);
  });

  test('what comes after the close goes back, and the close waits for what runs', async () => {
    const { store, waiting, ran, givenBack, claiming } = openStore(4);
    waiting.push('a');
    claiming.wake();
    await settle();
    store.answerAfterMs = 100;
    waiting.push('b');
    claiming.wake();
    await settle();
    const closed = vi.fn<() => void>();
    const close = claiming.close().finally(closed);
    await vi.advanceTimersByTimeAsync(200);
    expect(givenBack).toEqual(['b']);
    expect(closed).not.toHaveBeenCalled();
    ran.get('a')?.();
    await close;
  });

  test('a store that refuses is asked again, a few times a second, and more slots are used at once', async () => {
    const { store, waiting, asked, ran, errors, claiming } = openStore(1);
    store.refuses = true;
    waiting.push('a', 'b', 'c');
    await vi.advanceTimersByTimeAsync(2000);
    expect(asked.length).toBeLessThanOrEqual(12);
    expect(errors).toHaveLength(1);
    store.refuses = false;
    await vi.advanceTimersByTimeAsync(300);
    claiming.setSlots(3);
    await settle();
    expect([...ran.keys()]).toEqual(['a', 'b', 'c']);
  });
});
