import { expect, test } from 'vitest';
import { z } from 'zod';
import { invalidRequest } from './invalid-request.ts';

const schema = z.strictObject({ a: z.strictObject({ b: z.array(z.int()) }) });
const refuse = (value: unknown, prefix?: readonly string[]) => {
  const parsed = schema.safeParse(value);
  if (parsed.success) throw new Error('it was not refused');
  return invalidRequest(parsed.error, prefix);
};

test('every mistake has its path, and an unknown field the path of itself', () => {
  const { code, detail, errors } = refuse({ a: { b: [1, 'x'], c: 1 }, d: 1 }, ['options']);
  expect(code).toBe('invalid-request');
  expect(errors?.map(({ path }) => path)).toEqual(['options.a.b.1', 'options.a.c', 'options.d']);
  expect(detail).toMatch(/^options\.a\.b\.1: /);
});

test('a body that is not even an object is named so', () => {
  expect(refuse(null).detail).toMatch(/^body: /);
});

test('a thousand mistakes and endless names make a short answer that quotes no value', () => {
  const names = Array.from({ length: 1000 }, (_, index) => `${index}${'x'.repeat(1000)}`);
  const { errors, detail } = refuse({
    a: { b: [] },
    ...Object.fromEntries(names.map((name) => [name, 'secret'])),
  });
  expect(errors).toHaveLength(20);
  expect(JSON.stringify([errors, detail]).length).toBeLessThan(6000);
  expect(JSON.stringify([errors, detail])).not.toContain('secret');
});
