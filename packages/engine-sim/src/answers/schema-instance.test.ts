import type { JsonObject } from '@spillway/core';
import { Ajv2020 } from 'ajv/dist/2020.js';
import addFormats from 'ajv-formats';
import { describe, expect, test } from 'vitest';
import { z } from 'zod';
import { simulatedDigest } from './digest.ts';
import { schemaInstance } from './schema-instance.ts';

const DIGESTS = Array.from({ length: 60 }, (_, index) => simulatedDigest(`document ${index}`));

const invoice = z.strictObject({
  number: z.string().min(3).max(12),
  issued: z.iso.date(),
  sent_at: z.iso.datetime(),
  contact: z.email(),
  id: z.uuid(),
  site: z.url(),
  total: z.number().min(5).multipleOf(0.5),
  tax: z.number().gt(0).lt(0.004),
  confidence: z.number().min(0).max(1),
  balance: z.number().max(-10),
  count: z.int(),
  currency: z.enum(['EUR', 'USD']),
  paid: z.boolean(),
  note: z.string().nullable(),
  kind: z.literal('invoice'),
  pages: z.int().min(2).max(4),
  lines: z
    .array(z.strictObject({ text: z.string(), amount: z.number().gt(0) }))
    .min(2)
    .max(3),
  pair: z.tuple([z.string(), z.int()]),
  choice: z.union([z.strictObject({ a: z.int() }), z.string()]),
  optional: z.string().optional(),
});

const SCHEMAS: Readonly<Record<string, JsonObject>> = {
  'an invoice': z.toJSONSchema(invoice),
  'merged parts': {
    allOf: [
      { type: 'object', properties: { a: { type: 'integer', minimum: 7 } }, required: ['a'] },
      { type: 'object', properties: { b: { type: ['string', 'null'] } }, required: ['b'] },
    ],
  },
  references: {
    type: 'object',
    properties: { home: { $ref: '#/$defs/address' }, work: { $ref: '#/$defs/a~1b%20c' } },
    required: ['home', 'work'],
    $defs: {
      address: { type: 'object', properties: { city: { type: 'string' } }, required: ['city'] },
      'a/b c': { anyOf: [{ $ref: '#/$defs/address' }, { type: 'null' }] },
    },
    additionalProperties: false,
  },
  'different items': {
    type: 'object',
    properties: {
      words: { type: 'array', items: { type: 'string' }, minItems: 3, uniqueItems: true },
      sizes: { type: 'array', items: { enum: ['s', 'm', 'l'] }, minItems: 3, maxItems: 3, uniqueItems: true },
      flags: { type: 'array', items: { type: 'boolean' }, uniqueItems: true },
      exactly: { type: 'array', prefixItems: [{ type: 'integer' }], items: false, minItems: 1 },
    },
    required: ['words', 'sizes', 'flags', 'exactly'],
  },
  'properties nobody described': {
    type: 'object',
    required: ['seen', 'unseen'],
    properties: { seen: { type: 'boolean' } },
    additionalProperties: { type: 'integer', exclusiveMinimum: 3, exclusiveMaximum: 6 },
    minProperties: 4,
  },
  'numbers in steps': {
    type: 'object',
    properties: {
      price: { type: 'number', multipleOf: 0.01, minimum: 0.07, maximum: 900 },
      dozen: { type: 'integer', multipleOf: 12, minimum: 13 },
      rank: { type: 'integer', exclusiveMinimum: 0, maximum: 1 },
      any: { type: 'number', minimum: -1.7e308 },
    },
    required: ['price', 'dozen', 'rank', 'any'],
  },
  'a list': { type: 'array', items: { type: 'string', minLength: 40, maxLength: 42 }, minItems: 1 },
  'a bare enum': { enum: ['yes', 'no', null, 3] },
  'no rules at all': {},
};

describe('schemaInstance', () => {
  const ajv = new Ajv2020({ strict: false, allErrors: true });
  addFormats.default(ajv);

  test.each(Object.entries(SCHEMAS))(
    'every instance of %s is valid, and the same for the same digest',
    (_name, schema) => {
      const validate = ajv.compile(schema);
      for (const digest of DIGESTS) {
        const instance = schemaInstance(schema, digest);
        validate(JSON.parse(JSON.stringify(instance)));
        expect({ instance, errors: validate.errors }).toEqual({ instance, errors: null });
        expect(schemaInstance(schema, digest)).toEqual(instance);
      }
    },
  );

  test('other inputs get other values', () => {
    const values = DIGESTS.map((digest) => schemaInstance(z.toJSONSchema(invoice), digest)) as {
      currency: string;
      paid: boolean;
      issued: string;
      pages: number;
    }[];
    expect(new Set(values.map(({ currency }) => currency))).toEqual(new Set(['EUR', 'USD']));
    expect(new Set(values.map(({ paid }) => paid)).size).toBe(2);
    expect(new Set(values.map(({ pages }) => pages))).toEqual(new Set([2, 3, 4]));
    expect(new Set(values.map(({ issued }) => issued)).size).toBeGreaterThan(30);
  });

  test('ends on recursive schemas', () => {
    const node: JsonObject = {
      type: 'object',
      properties: { name: { type: 'string' }, children: { type: 'array', items: { $ref: '#' } } },
      required: ['name', 'children'],
    };
    expect(JSON.stringify(schemaInstance(node, '0123456789ab')).length).toBeLessThan(100_000);
    const list: JsonObject = {
      type: 'object',
      properties: { next: { anyOf: [{ $ref: '#' }, { type: 'null' }] } },
      required: ['next'],
    };
    expect(JSON.stringify(schemaInstance(list, '0123456789ab'))).toContain('null');
    expect(schemaInstance({ $ref: '#' }, '0123456789ab')).toContain('simulated-0123456789ab');
  });
});
