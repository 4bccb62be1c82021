import { isJsonObject, type JsonObject } from '@spillway/core';
import { digestRandom } from './digest.ts';
import { requiredOf } from './flatten-schema.ts';
import type { Prompt } from './prompt.ts';

/** In every wrong answer, so that a conversation about one is known by it. */
export const MISTAKE_MARK = 'simulated-mistake';

/** Digests remembered; with more, an input could be answered wrongly a second time. */
const KEPT = 100_000;
const SEED = 7;

/**
 * Decides which answers to a JSON Schema are wrong: the given share of inputs, chosen by their digests, each at its
 * first answer only. An input that quotes a wrong answer, as attempts at repair do, is answered rightly.
 */
export class SchemaMistakes {
  readonly #share: number;
  readonly #made = new Set<string>();

  constructor(share: number) {
    if (!(share >= 0 && share <= 1)) throw new RangeError(`schemaMistakes must be from 0 to 1, not ${share}`);
    this.#share = share;
  }

  takeMistake({ digest, text }: Prompt): boolean {
    if (digestRandom(digest, SEED)() >= this.#share || this.#made.has(digest)) return false;
    if (text.includes(MISTAKE_MARK)) return false;
    if (this.#made.size < KEPT) this.#made.add(digest);
    return true;
  }

  reset(): void {
    this.#made.clear();
  }
}

/** A right instance made wrong: without a property it must have where there is one, else no JSON at all. */
export function spoilt(instance: unknown, schema: JsonObject): string {
  const missing = requiredOf(schema).map(String)[0];
  if (!isJsonObject(instance) || missing === undefined) return `${MISTAKE_MARK}: ${JSON.stringify(instance)}`;
  const kept = Object.entries(instance).filter(([name]) => name !== missing);
  return JSON.stringify({ ...Object.fromEntries(kept), [MISTAKE_MARK]: true });
}
