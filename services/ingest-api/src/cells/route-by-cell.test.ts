import { describe, expect, test } from 'vitest';
import { type Fetch, routeByCell } from './route-by-cell.ts';

const sayer =
  (name: string): Fetch =>
  () =>
    new Response(name);
const TWO = new Map([
  ['eu', sayer('eu')],
  ['us', sayer('us')],
]);
const cellOfKey = (apiKey: string): string | undefined =>
  new Map([
    ['key-eu', 'eu'],
    ['key-us', 'us'],
  ]).get(apiKey);
const fetch = routeByCell(TWO, cellOfKey);
const answerTo = async (headers: Record<string, string>): Promise<string> =>
  (await fetch(new Request('http://127.0.0.1/v1/jobs', { headers }))).text();

describe('a request', () => {
  test.each([
    [{ authorization: 'Bearer key-us' }, 'us'],
    [{ 'x-api-key': 'key-us' }, 'us'],
    [{ authorization: 'Bearer key-eu', 'x-api-key': 'key-us' }, 'eu'],
  ])('with %o goes to its cell', async (headers, cell) => {
    expect(await answerTo(headers)).toBe(cell);
  });

  test.each([
    {},
    { authorization: 'Bearer nobodys' },
    { authorization: 'Basic key-us' },
    { 'x-api-key': '' },
  ])('with %o goes to the first, which refuses it or needs no key', async (headers) => {
    expect(await answerTo(headers)).toBe('eu');
  });
});

test('one cell is reached without a look at the key', () => {
  const only = sayer('only');
  expect(routeByCell(new Map([['0', only]]), cellOfKey)).toBe(only);
});
