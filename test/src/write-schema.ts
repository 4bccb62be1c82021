import { writeFileSync } from 'node:fs';
import { configSchema } from '@spillway/contracts';
import { z } from 'zod';

/** Publishes the schema of spillway.yaml for editors; a test holds the file against the schema. */
const schema = z.toJSONSchema(configSchema, { io: 'input', unrepresentable: 'any' });
writeFileSync(
  new URL('../../docs/spillway.schema.json', import.meta.url),
  `${JSON.stringify(schema, null, 2)}\n`,
);
