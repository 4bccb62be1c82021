import { isJsonObject, type JsonObject } from '@spillway/core';
import { digestRandom } from './digest.ts';
import { flattenSchema, propertiesOf, requiredOf } from './flatten-schema.ts';
import { instanceNumber } from './instance-number.ts';
import { instanceString } from './instance-string.ts';

/** Below this depth optional properties and items are left out, which is what ends recursive schemas. */
const FULL_DEPTH = 6;
/** A schema that requires itself without end has no instance; here the attempt stops. */
const LAST_DEPTH = 40;
const MOST_ITEMS = 100;

interface Walk {
  readonly root: JsonObject;
  readonly digest: string;
  readonly random: () => number;
  readonly depth: number;
}

/**
 * A small instance of a JSON Schema, the same for the same schema and digest, with other values for another digest.
 * Knows $ref within the schema, const, enum, allOf, the first choice of anyOf and oneOf, bounds, uniqueItems and common
 * formats; `pattern`, `not` and conditionals are not looked at.
 */
export const schemaInstance = (schema: JsonObject, digest: string): unknown =>
  instanceOf(schema, { root: schema, digest, random: digestRandom(digest, 1), depth: 0 });

function instanceOf(raw: unknown, walk: Walk): unknown {
  if (!isJsonObject(raw) || walk.depth > LAST_DEPTH) return null;
  const schema = flattenSchema(raw, walk.root, walk.depth > FULL_DEPTH);
  if (Object.hasOwn(schema, 'const')) return schema['const'];
  const choices = schema['enum'];
  if (Array.isArray(choices)) return (choices as unknown[])[Math.floor(walk.random() * choices.length)];
  switch (typeOf(schema)) {
    case 'object':
      return objectOf(schema, walk);
    case 'array':
      return arrayOf(schema, walk);
    case 'integer':
      return instanceNumber(schema, 1, walk.random);
    case 'number':
      return instanceNumber(schema, 0.01, walk.random);
    case 'boolean':
      return walk.random() < 0.5;
    case 'null':
      return null;
    default:
      return instanceString(schema, walk.digest, walk.random);
  }
}

function typeOf(schema: JsonObject): unknown {
  const type = schema['type'];
  if (Array.isArray(type)) return (type as unknown[])[0];
  if (type !== undefined) return type;
  if (schema['properties'] !== undefined || schema['required'] !== undefined) return 'object';
  if (schema['items'] !== undefined || schema['prefixItems'] !== undefined) return 'array';
  const bounded = ['minimum', 'maximum', 'exclusiveMinimum', 'exclusiveMaximum', 'multipleOf'];
  return bounded.some((name) => schema[name] !== undefined) ? 'number' : 'string';
}

function objectOf(schema: JsonObject, walk: Walk): JsonObject {
  const required = new Set(requiredOf(schema).map(String));
  const properties = propertiesOf(schema);
  const inner = { ...walk, depth: walk.depth + 1 };
  const named = Object.keys(properties).filter((name) => walk.depth < FULL_DEPTH || required.has(name));
  const unnamed = [...required].filter((name) => !Object.hasOwn(properties, name));
  const other = isJsonObject(schema['additionalProperties']) ? schema['additionalProperties'] : {};
  const missing =
    Math.min(numberAt(schema, 'minProperties') ?? 0, MOST_ITEMS) - named.length - unnamed.length;
  const invented = Array.from({ length: Math.max(0, missing) }, (_, index) => `simulated_${index}`);
  const described = named.map((name): [string, unknown] => [name, instanceOf(properties[name], inner)]);
  const others = [...unnamed, ...invented].map((name): [string, unknown] => [name, instanceOf(other, inner)]);
  return Object.fromEntries([...described, ...others]);
}

function arrayOf(schema: JsonObject, walk: Walk): unknown[] {
  const inner = { ...walk, depth: walk.depth + 1 };
  const heads = headsOf(schema);
  const least = Math.max(numberAt(schema, 'minItems') ?? 0, heads.length);
  const wished = walk.depth < FULL_DEPTH ? Math.max(1 + Math.floor(walk.random() * 3), least) : least;
  const most = Math.min(numberAt(schema, 'maxItems') ?? wished, MOST_ITEMS);
  const items = isJsonObject(schema['items']) ? schema['items'] : {};
  const closed = schema['items'] === false || (heads.length > 0 && !isJsonObject(schema['items']));
  const length = Math.min(closed ? heads.length : wished, most);
  const made = Array.from({ length }, (_, index) => instanceOf(heads[index] ?? items, inner));
  return schema['uniqueItems'] === true ? distinct(made, items, inner) : made;
}

/** What stands first in a tuple: `prefixItems`, and `items` before 2020-12. */
function headsOf(schema: JsonObject): readonly unknown[] {
  const heads = Array.isArray(schema['items']) ? schema['items'] : schema['prefixItems'];
  return Array.isArray(heads) ? (heads as unknown[]) : [];
}

/** Another try for each repeated item; what cannot be told apart (two booleans, at most) is left out. */
function distinct(made: readonly unknown[], items: JsonObject, walk: Walk): unknown[] {
  const seen = new Map<string, unknown>();
  for (const value of made) {
    let candidate = value;
    for (let tries = 0; tries < 20 && seen.has(JSON.stringify(candidate)); tries += 1)
      candidate = instanceOf(items, walk);
    seen.set(JSON.stringify(candidate), candidate);
  }
  return [...seen.values()];
}

function numberAt(schema: JsonObject, key: string): number | undefined {
  const value = schema[key];
  return typeof value === 'number' ? value : undefined;
}
