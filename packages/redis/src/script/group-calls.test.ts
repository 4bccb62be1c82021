import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { StoreUnavailable } from '../store-unavailable.ts';
import { groupCalls, type GroupLimits } from './group-calls.ts';

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

const LIMITS: GroupLimits = {
  mostCalls: 1,
  mostItems: 3,
  mostBytes: 100,
  mostWaitingBytes: 1000,
  waitMs: 3000,
};

/** Calls that end when the test says so; each item is answered with itself in capitals. */
function openCalls(limits: Partial<GroupLimits> = {}) {
  const calls: { readonly items: readonly string[]; end(error?: Error): void }[] = [];
  const send = groupCalls<string, string>(
    (items) =>
      new Promise((resolve, reject) => {
        const answer = (): void => resolve(items.map((item) => item.toUpperCase()));
        calls.push({ items, end: (error) => (error === undefined ? answer() : reject(error)) });
      }),
    { ...LIMITS, ...limits },
  );
  return { calls, send, sent: () => calls.map(({ items }) => items) };
}

const settle = (): Promise<unknown> => vi.advanceTimersByTimeAsync(0);

describe('grouped calls', () => {
  test('one alone goes out at once; those that come meanwhile share the next call, each with its own answer', async () => {
    const { calls, send, sent } = openCalls();
    const answers = [send('a', 1), send('b', 1), send('c', 1), send('d', 1), send('e', 1)];
    expect(sent()).toEqual([['a']]);
    calls[0]?.end();
    await settle();
    expect(sent()).toEqual([['a'], ['b', 'c', 'd']]);
    calls[1]?.end();
    await settle();
    calls[2]?.end();
    expect(await Promise.all(answers)).toEqual(['A', 'B', 'C', 'D', 'E']);
  });

  test('as many calls at once as allowed', async () => {
    const { send, sent } = openCalls({ mostCalls: 2 });
    for (const item of ['a', 'b', 'c']) void send(item, 1);
    expect(sent()).toEqual([['a'], ['b']]);
  });

  test('a call ends with the item that fills it', async () => {
    const { calls, send, sent } = openCalls();
    for (const item of ['a', 'b', 'c', 'd']) void send(item, 60);
    calls[0]?.end();
    await settle();
    expect(sent()).toEqual([['a'], ['b', 'c']]);
  });

  test('a call that fails fails its own items, and the next ones go on', async () => {
    const { calls, send } = openCalls();
    const [first, second] = [send('a', 1), send('b', 1)];
    calls[0]?.end(new Error('OOM command not allowed'));
    await expect(first).rejects.toThrow('OOM');
    await settle();
    calls[1]?.end();
    expect(await second).toBe('B');
  });

  test('what waits too long is refused without having been sent, although no call ends', async () => {
    const { send, sent } = openCalls();
    void send('a', 1);
    const refused = send('b', 1).catch((error: unknown) => error);
    await vi.advanceTimersByTimeAsync(7000);
    expect(await refused).toBeInstanceOf(StoreUnavailable);
    expect(sent()).toEqual([['a']]);
  });

  test('what would make too much wait is refused at once', async () => {
    const { calls, send } = openCalls();
    void send('a', 1);
    const waiting = send('b', 900);
    await expect(send('c', 200)).rejects.toThrow(StoreUnavailable);
    calls[0]?.end();
    await settle();
    calls[1]?.end();
    expect(await waiting).toBe('B');
  });
});
