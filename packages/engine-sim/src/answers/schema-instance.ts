import { isJsonObject, type JsonObject } from '@spillway/core';

/** Below this depth optional properties and items are left out, which is what ends recursive schemas. */
const FULL_DEPTH = 6;
/** A schema that requires itself without end has no instance; here the attempt stops. */
const LAST_DEPTH = 40;
const MOST_ITEMS = 100;

interface Walk {
  readonly root: JsonObject;
  readonly digest: string;
  readonly depth: number;
}

/**
 * A small instance of a JSON Schema, the same for the same schema and digest. Knows $ref within the schema, const, enum,
 * allOf, anyOf, oneOf, bounds and common formats; `pattern` and conditionals are not looked at.
 */
export const schemaInstance = (schema: JsonObject, digest: string): unknown =>
  instanceOf(schema, { root: schema, digest, depth: 0 });

function instanceOf(raw: unknown, walk: Walk): unknown {
  if (!isJsonObject(raw) || walk.depth > LAST_DEPTH) return null;
  const schema = flatten(raw, walk);
  if (Object.hasOwn(schema, 'const')) return schema['const'];
  if (Array.isArray(schema['enum'])) return schema['enum'][0];
  switch (typeOf(schema)) {
    case 'object':
      return objectOf(schema, walk);
    case 'array':
      return arrayOf(schema, walk);
    case 'integer':
      return numberOf(schema, 1);
    case 'number':
      return numberOf(schema, 0.5);
    case 'boolean':
      return true;
    case 'null':
      return null;
    default:
      return stringOf(schema, walk.digest);
  }
}

/** Resolves $ref, allOf and the first choice of anyOf and oneOf into one plain schema. */
function flatten(schema: JsonObject, walk: Walk, hops = 0): JsonObject {
  if (hops > LAST_DEPTH) return schema;
  const { $ref: ref, allOf, anyOf, oneOf, ...rest } = schema;
  const parts: unknown[] = [];
  if (typeof ref === 'string') parts.push(lookUp(walk.root, ref));
  if (Array.isArray(allOf)) parts.push(...(allOf as unknown[]));
  const choices: unknown = anyOf ?? oneOf;
  if (Array.isArray(choices)) parts.push(chooseFrom(choices as unknown[], walk.depth));
  return parts
    .filter((part) => isJsonObject(part))
    .map((part) => flatten(part, walk, hops + 1))
    .reduce(merge, rest);
}

/** The first choice; deep inside a recursive schema null, where it is allowed. */
function chooseFrom(choices: readonly unknown[], depth: number): unknown {
  return (depth > FULL_DEPTH ? choices.find(isNull) : undefined) ?? choices[0];
}

const isNull = (choice: unknown): boolean => isJsonObject(choice) && choice['type'] === 'null';

function lookUp(root: JsonObject, ref: string): unknown {
  if (ref === '#') return root;
  let found: unknown = root;
  for (const part of ref.replace(/^#\//u, '').split('/')) {
    const key = decodeURIComponent(part).replaceAll('~1', '/').replaceAll('~0', '~');
    found = isJsonObject(found) ? found[key] : undefined;
  }
  return found;
}

function merge(left: JsonObject, right: JsonObject): JsonObject {
  const properties = { ...propertiesOf(left), ...propertiesOf(right) };
  const required = [...requiredOf(left), ...requiredOf(right)];
  return { ...left, ...right, ...(Object.keys(properties).length > 0 ? { properties, required } : {}) };
}

const propertiesOf = (schema: JsonObject): JsonObject =>
  isJsonObject(schema['properties']) ? schema['properties'] : {};

const requiredOf = (schema: JsonObject): unknown[] =>
  Array.isArray(schema['required']) ? (schema['required'] as unknown[]) : [];

function typeOf(schema: JsonObject): unknown {
  const type = schema['type'];
  if (Array.isArray(type)) return (type as unknown[])[0];
  if (type !== undefined) return type;
  if (schema['properties'] !== undefined) return 'object';
  return schema['items'] !== undefined || schema['prefixItems'] !== undefined ? 'array' : 'string';
}

function objectOf(schema: JsonObject, walk: Walk): JsonObject {
  const required = new Set(requiredOf(schema));
  const inner = { ...walk, depth: walk.depth + 1 };
  return Object.fromEntries(
    Object.entries(propertiesOf(schema))
      .filter(([name]) => walk.depth < FULL_DEPTH || required.has(name))
      .map(([name, property]) => [name, instanceOf(property, inner)]),
  );
}

function arrayOf(schema: JsonObject, walk: Walk): unknown[] {
  const inner = { ...walk, depth: walk.depth + 1 };
  const heads = Array.isArray(schema['prefixItems']) ? (schema['prefixItems'] as unknown[]) : [];
  const wanted = Math.max(numberAt(schema, 'minItems') ?? 0, walk.depth < FULL_DEPTH ? 1 : 0, heads.length);
  const length = Math.min(wanted, numberAt(schema, 'maxItems') ?? wanted, MOST_ITEMS);
  return Array.from({ length }, (_, index) => instanceOf(heads[index] ?? schema['items'] ?? {}, inner));
}

function numberOf(schema: JsonObject, inside: number): number {
  const above = numberAt(schema, 'exclusiveMinimum');
  const below = numberAt(schema, 'exclusiveMaximum');
  const lowest = numberAt(schema, 'minimum') ?? (above === undefined ? undefined : above + inside);
  const highest = numberAt(schema, 'maximum') ?? (below === undefined ? undefined : below - inside);
  const value = lowest ?? Math.min(1, highest ?? 1);
  const multiple = numberAt(schema, 'multipleOf');
  return multiple === undefined ? value : Math.ceil(value / multiple) * multiple;
}

const FORMATS: Readonly<Record<string, string>> = {
  'date-time': '2026-01-01T00:00:00Z',
  date: '2026-01-01',
  time: '00:00:00Z',
  email: 'simulated@example.com',
  uri: 'https://example.com/simulated',
  uuid: '00000000-0000-4000-8000-000000000000',
};

function stringOf(schema: JsonObject, digest: string): string {
  const format = schema['format'];
  const known = typeof format === 'string' ? FORMATS[format] : undefined;
  if (known !== undefined) return known;
  const text = `simulated-${digest}`.padEnd(Math.min(numberAt(schema, 'minLength') ?? 0, 10_000), '-');
  return text.slice(0, numberAt(schema, 'maxLength') ?? text.length);
}

function numberAt(schema: JsonObject, key: string): number | undefined {
  const value = schema[key];
  return typeof value === 'number' ? value : undefined;
}
