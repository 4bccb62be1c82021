import { err, isJsonObject, type JsonObject, ok, type Result } from '@spillway/core';
import { isDeeperThan } from './is-deeper-than.ts';

export interface CheckedSchema {
  /** A copy that is JSON and nothing else. */
  readonly schema: JsonObject;
  readonly isDraft07: boolean;
}

/** Refuses what no answer needs and what could run away or reach out, before anything is compiled. */
export function refuseSchema(raw: unknown): Result<CheckedSchema, string> {
  if (!isJsonObject(raw)) return err('the schema must be a JSON object');
  // Before it is written out: writing is recursive.
  if (isDeeperThan(raw, MAX_DEPTH)) return err(`the schema nests deeper than ${MAX_DEPTH} levels`);
  const text = JSON.stringify(raw);
  if (Buffer.byteLength(text) > MAX_BYTES) return err(`the schema is above ${MAX_BYTES} bytes`);
  const schema = JSON.parse(text) as JsonObject;
  const { $schema: dialect = DRAFT_2020_12 } = schema;
  const isDraft07 = typeof dialect === 'string' && DRAFT_07.test(dialect);
  if (!isDraft07 && dialect !== DRAFT_2020_12) {
    return err(`"$schema" must be ${DRAFT_2020_12} or http://json-schema.org/draft-07/schema#`);
  }
  const refused = refuseKeywords(schema);
  return refused === undefined ? ok({ schema, isDraft07 }) : err(refused);
}

const MAX_BYTES = 64 * 1024;
const MAX_DEPTH = 64;
const DRAFT_2020_12 = 'https://json-schema.org/draft/2020-12/schema';
const DRAFT_07 = /^https?:\/\/json-schema\.org\/draft-07\/schema#?$/u;

function refuseKeywords(value: unknown): string | undefined {
  if (Array.isArray(value)) return firstRefusal(value as readonly unknown[]);
  if (!isJsonObject(value)) return undefined;
  const { $ref: reference } = value;
  if (typeof reference === 'string' && !reference.startsWith('#')) {
    return 'a "$ref" must point into the schema itself, beginning with #';
  }
  const refused = REFUSED.find((keyword) => typeof value[keyword] === 'string' || value[keyword] === true);
  if (refused !== undefined) return `"${refused}" is not supported`;
  return firstRefusal(Object.values(value));
}

/** Where strings or true: as names of properties they have schemas. */
const REFUSED = ['$dynamicRef', '$recursiveRef', '$async'];

function firstRefusal(values: readonly unknown[]): string | undefined {
  for (const value of values) {
    const refused = refuseKeywords(value);
    if (refused !== undefined) return refused;
  }
  return undefined;
}
