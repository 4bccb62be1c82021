import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { openLines } from './open-lines.ts';

beforeEach(() => vi.useFakeTimers());
afterEach(() => vi.useRealTimers());

/** Pages that tell how far they were read, and whether they were closed. */
function openPages(last: number, failAt?: number) {
  const seen = { read: 0, isClosed: false };
  async function* read(): AsyncGenerator<string, void, undefined> {
    try {
      for (let page = 1; page <= last; page += 1) {
        seen.read = page;
        if (page === failAt) throw new Error('Connection is closed.');
        yield `page ${page}\n`;
      }
    } finally {
      seen.isClosed = true;
    }
  }
  return { seen, pages: read() };
}

function open(pages: AsyncGenerator<string, void, undefined>) {
  const failures: unknown[] = [];
  const opened = openLines(pages, { idleMs: 60_000, onFailure: (error) => failures.push(error) });
  return { opened, failures };
}

test('every page comes, in order, and then the end', async () => {
  const { seen, pages } = openPages(3);
  const { opened } = open(pages);
  expect(await new Response(await opened).text()).toBe('page 1\npage 2\npage 3\n');
  expect([seen.isClosed, vi.getTimerCount()]).toEqual([true, 0]);
});

test('no pages are an empty body', async () => {
  const { opened } = open(openPages(0).pages);
  expect(await new Response(await opened).text()).toBe('');
});

test('a page is read only when the client has taken the one before', async () => {
  const { seen, pages } = openPages(1000);
  const reader = (await open(pages).opened).getReader();
  await reader.read();
  await vi.advanceTimersByTimeAsync(1000);
  expect(seen.read).toBe(1);
  await reader.read();
  expect(seen.read).toBe(2);
  await reader.cancel();
  expect([seen.isClosed, vi.getTimerCount()]).toEqual([true, 0]);
});

test('a client that stops reading is cut off after a minute', async () => {
  const { seen, pages } = openPages(1000);
  const reader = (await open(pages).opened).getReader();
  await reader.read();
  await vi.advanceTimersByTimeAsync(59_999);
  expect(seen.isClosed).toBe(false);
  await vi.advanceTimersByTimeAsync(1);
  await expect(reader.read()).rejects.toThrow('stopped reading');
  expect(seen.isClosed).toBe(true);
});

test('what fails before the first page rejects, so that it can be answered as a problem', async () => {
  const { opened, failures } = open(openPages(3, 1).pages);
  await expect(opened).rejects.toThrow('Connection is closed.');
  expect(failures).toEqual([]);
});

test('what fails later breaks the stream, is told once, and says nothing of itself to the reader', async () => {
  const { opened, failures } = open(openPages(3, 2).pages);
  const reader = (await opened).getReader();
  await reader.read();
  await expect(reader.read()).rejects.toThrow('the body was cut short');
  expect(failures).toMatchObject([{ message: 'Connection is closed.' }]);
  expect(vi.getTimerCount()).toBe(0);
});
