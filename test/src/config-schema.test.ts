import { readFileSync } from 'node:fs';
import { configSchema } from '@spillway/contracts';
import { expect, test } from 'vitest';
import { z } from 'zod';

test('docs/spillway.schema.json is the JSON Schema of the schema that validates (npm run schema writes it)', () => {
  const published: unknown = JSON.parse(
    readFileSync(new URL('../../docs/spillway.schema.json', import.meta.url), 'utf8'),
  );
  expect(published).toEqual(
    JSON.parse(JSON.stringify(z.toJSONSchema(configSchema, { io: 'input', unrepresentable: 'any' }))),
  );
});
