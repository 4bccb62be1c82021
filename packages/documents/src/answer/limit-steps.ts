import { isJsonObject, type JsonObject } from '@spillway/core';

/** A keyword beside each `$ref`, whose validation counts a step. */
export const STEP = 'x-spillway-step';

export interface StepLimit {
  /** The schema with a step beside each reference. */
  mark(schema: JsonObject): JsonObject;
  readonly count: () => boolean;
  /** Runs a validation and ends it when it takes more than 100,000 steps, or more stack than there is. */
  run(validate: () => boolean): boolean | 'too-many';
}

/**
 * References are what lets a small schema ask for endless work: each of twenty definitions that refers to the next
 * twice comes to a million validations. So those are counted.
 */
export function limitSteps(): StepLimit {
  let steps = 0;
  return {
    mark: (schema) => mark(schema) as JsonObject,
    count: () => {
      steps += 1;
      if (steps > MAX_STEPS) throw new TooManySteps();
      return true;
    },
    run(validate) {
      steps = 0;
      try {
        return validate();
      } catch (error) {
        // A reference to itself never gets as far as counting.
        if (error instanceof TooManySteps || error instanceof RangeError) return 'too-many';
        throw error;
      }
    },
  };
}

const MAX_STEPS = 100_000;

class TooManySteps extends Error {}

function mark(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(mark);
  if (!isJsonObject(value)) return value;
  const marked = Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, mark(inner)]));
  return typeof value['$ref'] === 'string' ? { ...marked, [STEP]: true } : marked;
}
