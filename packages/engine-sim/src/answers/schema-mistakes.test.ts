import { describe, expect, test } from 'vitest';
import { promptFrom } from './prompt.ts';
import { MISTAKE_MARK, SchemaMistakes, spoilt } from './schema-mistakes.ts';

const PROMPTS = Array.from({ length: 2_000 }, (_, index) => promptFrom([`document ${index}`]));
const wrong = (mistakes: SchemaMistakes) => PROMPTS.filter((prompt) => mistakes.takeMistake(prompt));

describe('SchemaMistakes', () => {
  test('are made for the share asked for, and for the same inputs in every run', () => {
    const first = wrong(new SchemaMistakes(0.1));
    expect(first.length).toBeGreaterThan(150);
    expect(first.length).toBeLessThan(250);
    expect(wrong(new SchemaMistakes(0.1))).toEqual(first);
    expect(wrong(new SchemaMistakes(0))).toEqual([]);
    expect(wrong(new SchemaMistakes(1))).toHaveLength(PROMPTS.length);
  });

  test('are made once for an input, and never where one is talked about', () => {
    const mistakes = new SchemaMistakes(1);
    expect(mistakes.takeMistake(promptFrom(['a']))).toBe(true);
    expect(mistakes.takeMistake(promptFrom(['a']))).toBe(false);
    expect(mistakes.takeMistake(promptFrom(['b', `{"${MISTAKE_MARK}":true}`]))).toBe(false);
    mistakes.reset();
    expect(mistakes.takeMistake(promptFrom(['a']))).toBe(true);
  });

  test.each([-0.1, 1.1, Number.NaN])('a share of %s is refused', (share) => {
    expect(() => new SchemaMistakes(share)).toThrow(RangeError);
  });
});

describe('spoilt', () => {
  test('an object lacks what it must have', () => {
    const text = spoilt({ total: 3, paid: true }, { type: 'object', required: ['total'] });
    expect(JSON.parse(text)).toEqual({ paid: true, [MISTAKE_MARK]: true });
  });

  test.each([
    [['a'], { type: 'array' }],
    [{ a: 1 }, { type: 'object' }],
  ])('anything else is no JSON at all', (instance, schema) => {
    expect(() => JSON.parse(spoilt(instance, schema)) as unknown).toThrow(SyntaxError);
    expect(spoilt(instance, schema)).toContain(MISTAKE_MARK);
  });
});
