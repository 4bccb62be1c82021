import { expect, test } from 'vitest';
import { parseJsonAnswer } from './parse-json-answer.ts';

test.each<[string, string, unknown]>([
  ['plain JSON', ' {"a": 1}\n', { a: 1 }],
  ['a plain value', '"text"', 'text'],
  ['a fenced block', 'Here:\n```json\n{"a": [1]}\n```\nDone.', { a: [1] }],
  ['a fenced block without a name', '```\n[1, 2]\n```', [1, 2]],
  [
    'a fenced block beside one that is no JSON',
    '```python\nprint({})\n```\n```json\n{"a": 1}\n```',
    { a: 1 },
  ],
  ['an object in prose', 'The answer is {"a": "}{"} as asked.', { a: '}{' }],
  ['an array in prose', 'I found ["x", "y"].', ['x', 'y']],
  ['an object beside a reference', 'As said in [1], it is {"a": {"b": 2}}.', { a: { b: 2 } }],
  ['an object within braces that are prose', '{so {"a": 1} it is}', { a: 1 }],
  ['an object behind an inch sign', 'a 19" screen { {"a": 1}', { a: 1 }],
  ['an object behind thoughts', '<think>maybe {"a": 0}?</think>\n{"a": 1}', { a: 1 }],
  ['null', 'null', null],
])('%s is found', (_what, answer, expected) => {
  expect(parseJsonAnswer(answer)).toEqual({ ok: true, value: expected });
});

test.each([
  ['nothing', ''],
  ['prose', 'I cannot answer that.'],
  ['a cut-off object', '{"a": [1, 2'],
  ['thoughts without an end', '<think>{"a": 1}'],
])('of %s it is said that it holds no JSON', (_what, answer) => {
  expect(parseJsonAnswer(answer)).toEqual({ ok: false, error: 'the answer holds no JSON' });
});

test.each([
  ['objects', '{"a": 1} or {"a": 2}'],
  ['blocks', '```json\n{"a": 1}\n```\n```json\n{"a": 2}\n```'],
])('of two %s none is chosen', (_what, answer) => {
  expect(parseJsonAnswer(answer)).toEqual({ ok: false, error: 'the answer holds more than one JSON value' });
});

test('nesting without end is refused', () => {
  expect(parseJsonAnswer('['.repeat(257) + ']'.repeat(257)).ok).toBe(false);
  expect(parseJsonAnswer('['.repeat(256) + ']'.repeat(256)).ok).toBe(true);
});

test.each(['['.repeat(200_000), '{"'.repeat(100_000), '[]x['.repeat(50_000), '```json\n'.repeat(25_000)])(
  'an answer of brackets takes no longer than its length says: %#',
  (answer) => {
    const startedAt = performance.now();
    expect(parseJsonAnswer(answer).ok).toBe(false);
    expect(performance.now() - startedAt).toBeLessThan(3000);
  },
);
