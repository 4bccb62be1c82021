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

  test.each<[string, object, unknown]>([
    ['alternatives for each item', { items: { anyOf: times(3000, { type: 'null' }) } }, times(20_000, 1)],
    ['alternatives that nothing fits', { items: { anyOf: times(9000, false) } }, times(20_000, 1)],
    ['required names for each item', { items: { required: names(7000) } }, times(20_000, {})],
    [
      'conditions for each item',
      { items: { allOf: times(900, { if: { not: { const: 2 } }, else: { const: 3 } }) } },
      times(20_000, 1),
    ],
    ['things that must be there', { allOf: times(1000, { contains: { const: 5 } }) }, times(20_000, 1)],
    ['refusals of properties', { allOf: times(1500, { additionalProperties: false }) }, object(20_000)],
    ['refusals of items', { allOf: times(2500, { items: false }) }, times(90_000, 1)],
    ['looks at a long text', { allOf: times(1500, { minLength: 1 }) }, 'a'.repeat(4_000_000)],
    ['patterns for a long text', { allOf: times(1500, { pattern: 'a+b' }) }, 'a'.repeat(90_000)],
    ['one pattern of endless parts', { pattern: '(?:a?){1000}'.repeat(50) }, 'a'.repeat(90_000)],
    ['comparisons of items', { allOf: times(1500, { uniqueItems: true }) }, numbers(90_000)],
    ['names that are looked at for long', { additionalProperties: false }, { ['~'.repeat(4_000_000)]: 1 }],
    [
      'alternatives where only a reference finds a schema',
      { items: { $ref: '#/examples/0' }, examples: [{ anyOf: times(3000, { type: 'null' }) }] },
      times(20_000, 1),
    ],
  ])('with thousands of %s', (_which, schema, value) => {
    expect(check(schema, value)).toEqual(['the schema asks for too much work on this value']);
  });

  test('with a list of names that becomes gigabytes of code', () => {
    expect(check({ dependentRequired: { a: names(7000) } }, {})).toMatch(/goes with too many names/u);
    expect(check({ properties: object(4000, true), unevaluatedProperties: false }, {})).toMatch(
      /goes with too many names/u,
    );
  });

  test('with a value above 4 MB', () => {
    expect(check({}, 'a'.repeat(5_000_000))).toEqual(['is above 4194304 bytes']);
  });

  test('and a long answer of many rows is still validated whole', () => {
    const columns = object(10, { type: 'integer', minimum: 0 });
    const row = { type: 'object', additionalProperties: false, required: names(10), properties: columns };
    expect(check({ type: 'array', items: row }, times(2000, object(10, 7)))).toBe('valid');
    expect(check({ type: 'array', items: row }, times(2000, object(10, -7)))).toHaveLength(10);
  });

  test('and constants that look like references are left as they are', () => {
    expect(check({ const: { $ref: '#' } }, { $ref: '#' })).toBe('valid');
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

const times = <Each>(count: number, each: Each): Each[] => Array.from({ length: count }, () => each);
const numbers = (count: number): number[] => Array.from({ length: count }, (_, index) => index);
const names = (count: number): string[] => numbers(count).map((index) => `k${index}`);
const object = (count: number, each: unknown = 1): object =>
  Object.fromEntries(names(count).map((name) => [name, each]));

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
