import { getEventListeners } from 'node:events';
import { expect, test } from 'vitest';
import { abortable } from './abortable.ts';

const reason = new Error('stopping');

test('a source that never answers is left as soon as the signal aborts', async () => {
  const controller = new AbortController();
  let left = false;
  const source: AsyncIterable<number> = {
    [Symbol.asyncIterator]: () => ({
      next: () => new Promise(() => undefined),
      return: () => {
        left = true;
        // neither does it let go
        return new Promise(() => undefined);
      },
    }),
  };
  const reading = Array.fromAsync(abortable(source, controller.signal));
  controller.abort(reason);
  await expect(reading).rejects.toBe(reason);
  expect(left).toBe(true);
});

test('a source that throws passes its error on and is not asked to end', async () => {
  const failure = new Error('broken');
  let left = false;
  const source: AsyncIterable<number> = {
    [Symbol.asyncIterator]: () => ({
      next: () => Promise.reject(failure),
      return: async () => {
        left = true;
        return { done: true, value: undefined };
      },
    }),
  };
  await expect(Array.fromAsync(abortable(source, new AbortController().signal))).rejects.toBe(failure);
  expect(left).toBe(false);
});

test('nothing stays on the signal, however many items passed', async () => {
  const { signal } = new AbortController();
  let most = 0;
  async function* source(): AsyncGenerator<number, void, undefined> {
    for (let item = 0; item < 100; item += 1) {
      most = Math.max(most, getEventListeners(signal, 'abort').length);
      yield item;
    }
  }
  expect(await Array.fromAsync(abortable(source(), signal))).toHaveLength(100);
  expect(most).toBe(1);
  expect(getEventListeners(signal, 'abort')).toEqual([]);
});

test('an abort between two items of a plain iterable ends it', async () => {
  const controller = new AbortController();
  const items: number[] = [];
  const reading = async (): Promise<void> => {
    for await (const item of abortable([1, 2, 3], controller.signal)) {
      items.push(item);
      controller.abort(reason);
    }
  };
  await expect(reading()).rejects.toBe(reason);
  expect(items).toEqual([1]);
});
