import type { JsonObject } from '@spillway/core';

/** How far above its lower bound, or below its upper one, a number lies at most. */
const USUAL_SPAN = 1_000;
/** A bound beyond this is the type's own, and says nothing of the numbers meant. */
const LARGEST_BOUND = 1e15;

/**
 * A number within `minimum`, `maximum`, their exclusive forms (of any draft) and `multipleOf`, in whole steps; between
 * bounds closer than a step the middle. A schema that no number fits gets one near its lower bound.
 *
 * @param step of numbers that may be anything: 1 for whole ones
 */
export function instanceNumber(schema: JsonObject, step: number, random: () => number): number {
  const multiple = numberAt(schema, 'multipleOf');
  const stride = multiple !== undefined && multiple > 0 ? multiple : step;
  const lower = lowest(schema, stride);
  const upper = highest(schema, stride);
  const span = Math.ceil(USUAL_SPAN / Math.min(1, stride));
  const first = lower ?? Math.min(0, (upper ?? span) - span);
  const last = Math.min(upper ?? Infinity, first + span);
  if (last < first && multiple === undefined && step < 1) return middle(schema);
  const count = first + Math.floor(random() * Math.max(1, last - first + 1));
  return multiple === undefined ? inSteps(count, stride) : exactMultiple(first, count, stride);
}

const MOST_TRIES = 100;

/** Validators divide, and 522.93 / 0.01 is no whole number to a machine: the next one down that is. */
function exactMultiple(first: number, picked: number, stride: number): number {
  for (let count = picked; count > Math.max(first, picked - MOST_TRIES); count -= 1) {
    const value = inSteps(count, stride);
    if (Number.isInteger(value / stride)) return value;
  }
  return inSteps(first, stride);
}

const middle = (schema: JsonObject): number =>
  ((boundAt(schema, 'minimum') ?? boundAt(schema, 'exclusiveMinimum') ?? 0) +
    (boundAt(schema, 'maximum') ?? boundAt(schema, 'exclusiveMaximum') ?? 0)) /
  2;

/** The least multiple of the stride that is allowed, as a count of strides. */
function lowest(schema: JsonObject, stride: number): number | undefined {
  const minimum = boundAt(schema, 'minimum');
  const exclusive = schema['exclusiveMinimum'];
  const inclusiveBound = exclusive === true ? undefined : minimum;
  const exclusiveBound = exclusive === true ? minimum : boundAt(schema, 'exclusiveMinimum');
  return most(
    inclusiveBound === undefined ? undefined : Math.ceil(counted(inclusiveBound, stride)),
    exclusiveBound === undefined ? undefined : Math.floor(counted(exclusiveBound, stride)) + 1,
  );
}

function highest(schema: JsonObject, stride: number): number | undefined {
  const maximum = boundAt(schema, 'maximum');
  const exclusive = schema['exclusiveMaximum'];
  const inclusiveBound = exclusive === true ? undefined : maximum;
  const exclusiveBound = exclusive === true ? maximum : boundAt(schema, 'exclusiveMaximum');
  const found = most(
    inclusiveBound === undefined ? undefined : -Math.floor(counted(inclusiveBound, stride)),
    exclusiveBound === undefined ? undefined : -(Math.ceil(counted(exclusiveBound, stride)) - 1),
  );
  return found === undefined ? undefined : -found;
}

const most = (one: number | undefined, other: number | undefined): number | undefined =>
  one === undefined || other === undefined ? (one ?? other) : Math.max(one, other);

/** 0.3 is three strides of 0.1, whatever the machine makes of 0.3 / 0.1. */
function counted(bound: number, stride: number): number {
  const count = bound / stride;
  return Math.abs(count - Math.round(count)) < 1e-9 * Math.max(1, Math.abs(count))
    ? Math.round(count)
    : count;
}

/** A whole number of hundredths is divided, not multiplied: 3 / 100 is 0.03, and 3 * 0.01 is not. */
function inSteps(count: number, stride: number): number {
  const perOne = Math.round(1 / stride);
  const value = stride < 1 && Math.abs(perOne * stride - 1) < 1e-12 ? count / perOne : count * stride;
  return value === 0 ? 0 : value;
}

function boundAt(schema: JsonObject, key: string): number | undefined {
  const bound = numberAt(schema, key);
  return bound === undefined || Math.abs(bound) > LARGEST_BOUND ? undefined : bound;
}

function numberAt(schema: JsonObject, key: string): number | undefined {
  const value = schema[key];
  return typeof value === 'number' ? value : undefined;
}
