import { describe, expect, test } from 'vitest';
import { createSchemaValidator } from './create-schema-validator.ts';

function check(schema: unknown, value: unknown): unknown {
  const validator = createSchemaValidator(schema);
  if (!validator.ok) return `refused: ${validator.error}`;
  const result = validator.value(value);
  return result.ok ? 'valid' : result.error;
}

const INVOICE = {
  type: 'object',
  required: ['kind', 'date'],
  additionalProperties: false,
  properties: {
    kind: { enum: ['invoice', 'letter'] },
    date: { type: 'string', format: 'date' },
    number: { type: 'string', pattern: '^[A-Z]{2}-\\d+$' },
  },
};

describe('a value', () => {
  test('that fits is handed back', () => {
    const validator = createSchemaValidator(INVOICE);
    const value = { kind: 'letter', date: '2025-02-28', number: 'AB-12' };
    expect(validator.ok && validator.value(value)).toEqual({ ok: true, value });
  });

  test('that does not fit is told what is wrong with it, in sentences a model understands', () => {
    expect(check(INVOICE, { kind: 'note', date: '2025-02-30', number: 'ab', extra: 1 })).toEqual([
      'the answer must NOT have additional properties ("extra")',
      '/kind must be equal to one of the allowed values (["invoice","letter"])',
      '/date must match format "date"',
      '/number must match pattern "^[A-Z]{2}-\\d+$"',
    ]);
    expect(check(INVOICE, {})).toHaveLength(2);
  });

  test('with endless mistakes is told the first ten', () => {
    const schema = { type: 'array', items: { type: 'string' } };
    expect(
      check(
        schema,
        Array.from({ length: 100 }, () => 1),
      ),
    ).toHaveLength(10);
  });

  test('is measured by the dialect that "$schema" names', () => {
    const tuple = { type: 'array', items: [{ type: 'string' }] };
    expect(check({ $schema: 'http://json-schema.org/draft-07/schema#', ...tuple }, [1])).toEqual([
      '/0 must be string',
    ]);
    expect(check({ prefixItems: [{ type: 'string' }] }, [1])).toEqual(['/0 must be string']);
    expect(check({ ...tuple, $schema: 'http://json-schema.org/draft-04/schema#' }, [1])).toMatch(/^refused/u);
  });

  test('may be a tree, if the schema refers to itself', () => {
    const tree = {
      $ref: '#/$defs/node',
      $defs: { node: { type: 'object', properties: { next: { $ref: '#/$defs/node' } }, required: ['id'] } },
    };
    expect(check(tree, { id: 1, next: { id: 2 } })).toBe('valid');
    expect(check(tree, { id: 1, next: {} })).toEqual(["/next must have required property 'id'"]);
  });

  test('may have a property named like a keyword', () => {
    expect(
      check({ properties: { $ref: { type: 'string' }, $async: { type: 'string' } } }, { $ref: 'x' }),
    ).toBe('valid');
  });
});

describe('a schema is refused', () => {
  test.each<[string, unknown, RegExp]>([
    ['that is no object', 'string', /must be a JSON object/u],
    ['that is no schema', { type: 'nothing' }, /not a usable schema: .*type/u],
    ['above 64 KB', { enum: ['x'.repeat(70_000)] }, /above 65536 bytes/u],
    ['nested without end', nested(100), /nests deeper than 64/u],
    ['nested beyond any stack', nested(100_000), /nests deeper than 64/u],
    ['that refers to elsewhere', { $ref: 'https://example.com/schema.json' }, /must point into the schema/u],
    ['that refers to a file', { items: [{ $ref: 'other.json#/a' }] }, /must point into the schema/u],
    ['that refers to nothing', { $ref: '#/$defs/none' }, /not a usable schema/u],
    ['that is asynchronous', { $async: true }, /"\$async" is not supported/u],
    ['with dynamic references', { $dynamicRef: '#node' }, /"\$dynamicRef" is not supported/u],
    ['whose pattern looks ahead', { pattern: '^(?=a)b' }, /not a usable schema/u],
    ['whose pattern refers back', { pattern: '(a)\\1' }, /not a usable schema/u],
    ['whose pattern repeats too often', { pattern: '((a{100}){100}){100}' }, /not a usable schema/u],
  ])('%s', (_which, schema, expected) => {
    expect(check(schema, {})).toMatch(expected);
  });
});

describe('a schema does not run away', () => {
  test('with a pattern that would backtrack', () => {
    const schema = { pattern: '^(a+)+$', patternProperties: { '^(b|b)*$': true } };
    expect(check(schema, `${'a'.repeat(50_000)}!`)).toEqual(['the answer must match pattern "^(a+)+$"']);
  });

  test('with definitions that each refer to the next twice', () => {
    const $defs = Object.fromEntries(
      Array.from({ length: 60 }, (_, index) => {
        const next = { $ref: `#/$defs/d${index + 1}` };
        return [`d${index}`, { anyOf: [{ allOf: [next, { type: 'string' }] }, next] }];
      }),
    );
    const schema = { $ref: '#/$defs/d0', $defs: { ...$defs, d60: { type: 'string' } } };
    expect(check(schema, 1)).toEqual(['the schema asks for too much work on this value']);
  });

  test('with a reference to itself', () => {
    expect(check({ $ref: '#' }, 1)).toEqual(['the schema asks for too much work on this value']);
  });

  test('with a value nested without end', () => {
    const schema = { items: { $ref: '#' } };
    expect(check(schema, nestedArrays(100_000))).toEqual(['nests deeper than 256 levels']);
    expect(check(schema, nestedArrays(200))).toBe('valid');
  });

  test('with 64 KB of alternatives', () => {
    const anyOf = Array.from({ length: 1500 }, (_, index) => ({ type: 'object', required: [`p${index}`] }));
    const startedAt = performance.now();
    expect(check({ anyOf }, { p1499: 1 })).toBe('valid');
    expect(performance.now() - startedAt).toBeLessThan(3000);
  });

  test('with an array of objects that must all differ', () => {
    const schema = { items: { type: 'object' }, uniqueItems: true };
    const items = Array.from({ length: 20_000 }, (_, index) => ({ a: { b: index } }));
    const startedAt = performance.now();
    expect(check(schema, items)).toBe('valid');
    expect(check(schema, [...items, { a: { b: 3 } }])).toEqual(['the answer must NOT have duplicate items']);
    expect(
      check(schema, [
        { a: 1, b: 2 },
        { b: 2, a: 1 },
      ]),
    ).toHaveLength(1);
    expect(check({ uniqueItems: true }, [1, '1', [1], null, 'null'])).toBe('valid');
    expect(check({ uniqueItems: false }, [1, 1])).toBe('valid');
    expect(performance.now() - startedAt).toBeLessThan(3000);
  });
});

function nested(levels: number): object {
  let schema: object = {};
  for (let level = 0; level < levels; level += 1) schema = { not: schema };
  return schema;
}

function nestedArrays(levels: number): unknown {
  let value: unknown = [];
  for (let level = 1; level < levels; level += 1) value = [value];
  return value;
}
