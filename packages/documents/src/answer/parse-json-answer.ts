import { err, ok, type Result } from '@spillway/core';
import { isDeeperThan } from './is-deeper-than.ts';
import { jsonInProse, parseJson, type ParsedJson } from './json-in-prose.ts';

/**
 * Finds the JSON in what a model answered: the whole answer, else its one fenced block, else the one object, or the one
 * array, in its prose; what a model thought aloud before is left out. Refuses none, several, and more than 256 levels.
 */
export function parseJsonAnswer(answer: string): Result<unknown, string> {
  const text = answer.replace(THOUGHT, '').trim();
  const found = parseJson(text) ?? one(fenced(text)) ?? inProse(text);
  if (found === undefined) return err('the answer holds no JSON');
  if (found === 'several') return err('the answer holds more than one JSON value');
  return isDeeperThan(found.value, MAX_DEPTH)
    ? err(`the JSON nests deeper than ${MAX_DEPTH} levels`)
    : ok(found.value);
}

const MAX_DEPTH = 256;

/** As models that think aloud write it when their engine does not take it out; what thinks without end has no answer. */
const THOUGHT = /^\s*<think>.*?(?:<\/think>|$)/su;

function one(values: readonly ParsedJson[]): ParsedJson | 'several' | undefined {
  return values.length > 1 ? 'several' : values[0];
}

function fenced(text: string): readonly ParsedJson[] {
  return [...text.matchAll(FENCE)].flatMap(([, language = '', block = '']) =>
    JSON_BLOCK.test(language.trim()) ? (parseJson(block) ?? []) : [],
  );
}

const FENCE = /^[ \t]*```([^\n`]*)\n(.*?)\n[ \t]*```/gmsu;
const JSON_BLOCK = /^(?:json)?$/iu;

/** A list of numbers in prose is often a reference, such as [1]: beside one object it does not count. */
function inProse(text: string): ParsedJson | 'several' | undefined {
  const values = jsonInProse(text);
  const objects = values.filter(({ value }) => !Array.isArray(value));
  return objects.length > 0 ? one(objects) : one(values);
}
