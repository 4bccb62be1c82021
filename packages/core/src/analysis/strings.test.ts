import { expect, test } from 'vitest';
import { strings } from './strings.ts';

test('every string is found, in lists, as values and as names', () => {
  const found = [...strings({ a: ['b', { c: 'd' }, null, 1, true], e: { f: [['g']] } })];
  expect(found.toSorted()).toEqual(['a', 'b', 'c', 'd', 'e', 'f', 'g']);
  expect([...strings('alone')]).toEqual(['alone']);
  expect([...strings(undefined)]).toEqual([]);
});

test('neither depth nor width exhausts the stack', () => {
  let deep: unknown = 'bottom';
  for (let level = 0; level < 100_000; level += 1) deep = level % 2 === 0 ? [deep] : { x: deep };
  expect([...strings(deep)].filter((text) => text !== 'x')).toEqual(['bottom']);
  expect([...strings(Array.from({ length: 300_000 }, () => 'wide'))]).toHaveLength(300_000);
});
