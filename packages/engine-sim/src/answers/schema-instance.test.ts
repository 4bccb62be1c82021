import type { JsonObject } from '@spillway/core';
import { describe, expect, test } from 'vitest';
import { z } from 'zod';
import { schemaInstance } from './schema-instance.ts';

const DIGEST = '0123456789ab';

describe('schemaInstance', () => {
  test.each<{ readonly name: string; readonly schema: JsonObject }>([
    {
      name: 'an invoice',
      schema: z.toJSONSchema(
        z.strictObject({
          number: z.string().min(3).max(12),
          issued: z.iso.date(),
          sent_at: z.iso.datetime(),
          contact: z.email(),
          total: z.number().min(5).multipleOf(0.5),
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
        }),
      ),
    },
    {
      name: 'merged parts',
      schema: {
        allOf: [
          { type: 'object', properties: { a: { type: 'integer', minimum: 7 } }, required: ['a'] },
          { type: 'object', properties: { b: { type: ['string', 'null'] } }, required: ['b'] },
        ],
      },
    },
    {
      name: 'references',
      schema: {
        type: 'object',
        properties: { home: { $ref: '#/$defs/address' } },
        required: ['home'],
        $defs: { address: { type: 'object', properties: { city: { type: 'string' } }, required: ['city'] } },
      },
    },
  ])('makes a valid instance of $name', ({ schema }) => {
    const instance = schemaInstance(schema, DIGEST);
    expect(z.fromJSONSchema(schema).safeParse(instance)).toMatchObject({ success: true });
    expect(schemaInstance(schema, DIGEST)).toEqual(instance);
  });

  test('ends on recursive schemas', () => {
    const node: JsonObject = {
      type: 'object',
      properties: { name: { type: 'string' }, children: { type: 'array', items: { $ref: '#' } } },
      required: ['name', 'children'],
    };
    expect(JSON.stringify(schemaInstance(node, DIGEST)).length).toBeLessThan(1_000);
    const list: JsonObject = {
      type: 'object',
      properties: { next: { anyOf: [{ $ref: '#' }, { type: 'null' }] } },
      required: ['next'],
    };
    expect(JSON.stringify(schemaInstance(list, DIGEST))).toContain('null');
    expect(schemaInstance({ $ref: '#' }, DIGEST)).toBe(`simulated-${DIGEST}`);
  });
});
