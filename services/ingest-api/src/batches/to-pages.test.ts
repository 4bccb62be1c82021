import { expect, test } from 'vitest';
import { toPages } from './to-pages.ts';

async function* linesOf(...lines: readonly string[]): AsyncGenerator<string, void, undefined> {
  yield* lines;
}

async function* failing(): AsyncGenerator<string, void, undefined> {
  yield 'first';
  await new Promise((resolve) => setImmediate(resolve));
  await new Promise((resolve) => setImmediate(resolve));
  throw new Error('the store went away');
}

test('lines that are there at once go together, each with its end', async () => {
  expect(await Array.fromAsync(toPages(linesOf('a', 'b', 'c')))).toEqual(['a\nb\nc\n']);
  expect(await Array.fromAsync(toPages(linesOf()))).toEqual([]);
});

test('many lines are pages of a bounded size', async () => {
  const line = 'x'.repeat(1000);
  const pages = await Array.fromAsync(toPages(linesOf(...Array.from({ length: 200 }, () => line))));
  expect(pages.join('')).toBe(`${line}\n`.repeat(200));
  expect(Math.max(...pages.map((page) => page.length))).toBeLessThan(67_000);
  expect(pages.length).toBeGreaterThan(2);
});

test('a line is not kept waiting for the next one', async () => {
  const second = Promise.withResolvers<string>();
  async function* slow(): AsyncGenerator<string, void, undefined> {
    yield 'first';
    yield await second.promise;
  }
  const pages = toPages(slow());
  expect((await pages.next()).value).toBe('first\n');
  second.resolve('second');
  expect((await pages.next()).value).toBe('second\n');
  expect((await pages.next()).done).toBe(true);
});

test('what fails after a line fails behind that line', async () => {
  const pages = toPages(failing());
  expect((await pages.next()).value).toBe('first\n');
  await expect(pages.next()).rejects.toThrow('went away');
});

test('leaving early closes the source', async () => {
  let isClosed = false;
  async function* open(): AsyncGenerator<string, void, undefined> {
    try {
      for (;;) yield 'x'.repeat(70_000);
    } finally {
      isClosed = true;
    }
  }
  const pages = toPages(open());
  await pages.next();
  await pages.return();
  expect(isClosed).toBe(true);
});
