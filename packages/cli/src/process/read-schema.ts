import { readFile, stat } from 'node:fs/promises';
import { isJsonObject, type JsonObject } from '@spillway/core';
import { UsageError } from '../usage-error.ts';
import { MAX_SCHEMA_BYTES } from './limits.ts';

/** The JSON Schema in a file. Refuses what is not a JSON object of at most 64 KiB; the platform checks what it says. */
export async function readSchema(path: string): Promise<JsonObject> {
  const schema = parse(await read(path), path);
  if (isJsonObject(schema)) return schema;
  throw new UsageError(
    `${path} is no JSON Schema: it has to be a JSON object, such as {"type": "object", …}`,
  );
}

async function read(path: string): Promise<string> {
  try {
    const { size } = await stat(path);
    if (size <= MAX_SCHEMA_BYTES) return await readFile(path, 'utf8');
    throw new UsageError(`${path} has ${size} bytes; a schema has at most ${MAX_SCHEMA_BYTES}`);
  } catch (cause) {
    if (cause instanceof UsageError) throw cause;
    const why = cause instanceof Error ? cause.message : String(cause);
    throw new UsageError(`cannot read the schema: ${why}`, { cause });
  }
}

function parse(text: string, path: string): unknown {
  try {
    return JSON.parse(text);
  } catch (cause) {
    const why = cause instanceof Error ? cause.message : String(cause);
    throw new UsageError(`${path} is not JSON: ${why}`, { cause });
  }
}
