import type { JsonObject } from '@spillway/core';

/** Python's json, which most engines read with, and our own stringify give up somewhere beyond 1000 levels. */
const DEEPEST = 200;

/** Why a request that parsed could not be written again as it came; undefined when it can. No depth makes it recurse. */
export function findUnsendable(request: JsonObject): string | undefined {
  let level: readonly unknown[] = [request];
  for (let depth = 1; level.length > 0; depth += 1) {
    if (depth > DEEPEST) return `nested more than ${DEEPEST} levels deep`;
    const next: unknown[] = [];
    for (const value of level) {
      const items = Array.isArray(value) ? (value as readonly unknown[]) : Object.values(value as JsonObject);
      for (const item of items) {
        // JSON.parse reads 1e999 as Infinity, which JSON.stringify would hand on as null.
        if (typeof item === 'number' && !Number.isFinite(item)) return 'a number in it is beyond any double';
        if (typeof item === 'object' && item !== null) next.push(item);
      }
    }
    level = next;
  }
  return undefined;
}
