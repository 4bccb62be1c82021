import { DEFAULT_POLICY, type RoutingStrategy, SCORER_NAMES, type ScorerName } from '@spillway/core';
import { z } from 'zod';

const TOLERANCE = 0.001;
const weightSchema = z.number().min(0).max(1).default(0);

const weightOfEach = Object.fromEntries(SCORER_NAMES.map((name) => [name, weightSchema]));

/** A scorer that is not named has no weight. */
const weightsSchema = z
  .strictObject(weightOfEach as Record<ScorerName, typeof weightSchema>)
  .check(({ value, issues }) => {
    // What a weight that is wrong, or misspelt, should have been is not known, nor then the sum.
    if (issues.length > 0) return;
    const sum = Object.values(value).reduce((total, weight) => total + weight, 0);
    if (Math.abs(sum - 1) <= TOLERANCE) return;
    const message = `the weights must add up to 1; they add up to ${Number(sum.toFixed(4))}`;
    issues.push({ code: 'custom', input: value, message });
  });

const weightsOf = (name: RoutingStrategy) =>
  weightsSchema.default({ ...DEFAULT_POLICY.strategies[name].weights });

const changeable = (name: RoutingStrategy) =>
  z
    .strictObject({
      /** When its jobs may use the cloud: as `overflow` says, whenever it scores best, nothing else, or never. */
      cloud: z.enum(['overflow', 'open', 'only', 'never']).default(DEFAULT_POLICY.strategies[name].cloud),
      weights: weightsOf(name),
    })
    .prefault({});

/** What a client may ask for by name; each can be changed, its weights only as a whole. */
export const strategiesSchema = z.strictObject({
  auto: changeable('auto'),
  balanced: changeable('balanced'),
  fast: changeable('fast'),
  quality: changeable('quality'),
  cost: changeable('cost'),
  long_context: changeable('long_context'),
  /** The names of the last two are promises to clients. */
  self_hosted_only: z
    .strictObject({
      cloud: z.literal('never', { error: 'must stay never: its name says so' }).default('never'),
      weights: weightsOf('self_hosted_only'),
    })
    .prefault({}),
  cloud_only: z
    .strictObject({
      cloud: z.literal('only', { error: 'must stay only: its name says so' }).default('only'),
      weights: weightsOf('cloud_only'),
    })
    .prefault({}),
});
