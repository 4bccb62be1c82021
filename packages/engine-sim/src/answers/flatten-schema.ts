import { isJsonObject, type JsonObject } from '@spillway/core';

/** More references in a row than any schema has; one that refers to itself stops here. */
const MOST_HOPS = 40;

/**
 * Resolves $ref, allOf and the first choice of anyOf and oneOf into one plain schema.
 *
 * @param endSoon prefers the choice of null, which is what ends most recursive schemas
 */
export function flattenSchema(schema: JsonObject, root: JsonObject, endSoon: boolean, hops = 0): JsonObject {
  if (hops > MOST_HOPS) return schema;
  const { $ref: ref, allOf, anyOf, oneOf, ...rest } = schema;
  const parts: unknown[] = [];
  if (typeof ref === 'string') parts.push(lookUp(root, ref));
  if (Array.isArray(allOf)) parts.push(...(allOf as unknown[]));
  const choices: unknown = anyOf ?? oneOf;
  if (Array.isArray(choices)) parts.push(chooseFrom(choices as unknown[], endSoon));
  return parts
    .filter((part) => isJsonObject(part))
    .map((part) => flattenSchema(part, root, endSoon, hops + 1))
    .reduce(merge, rest);
}

export const propertiesOf = (schema: JsonObject): JsonObject =>
  isJsonObject(schema['properties']) ? schema['properties'] : {};

export const requiredOf = (schema: JsonObject): readonly unknown[] =>
  Array.isArray(schema['required']) ? (schema['required'] as unknown[]) : [];

const chooseFrom = (choices: readonly unknown[], endSoon: boolean): unknown =>
  (endSoon ? choices.find(isNull) : undefined) ?? choices[0];

const isNull = (choice: unknown): boolean => isJsonObject(choice) && choice['type'] === 'null';

function lookUp(root: JsonObject, ref: string): unknown {
  if (ref === '#') return root;
  let found: unknown = root;
  for (const part of ref.replace(/^#\//u, '').split('/')) {
    const key = decoded(part).replaceAll('~1', '/').replaceAll('~0', '~');
    found = isJsonObject(found) ? found[key] : undefined;
  }
  return found;
}

/** A stray `%` is part of the name. */
function decoded(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    return part;
  }
}

function merge(left: JsonObject, right: JsonObject): JsonObject {
  const properties = { ...propertiesOf(left), ...propertiesOf(right) };
  const required = [...requiredOf(left), ...requiredOf(right)];
  return {
    ...left,
    ...right,
    ...(Object.keys(properties).length > 0 && { properties }),
    ...(required.length > 0 && { required }),
  };
}
