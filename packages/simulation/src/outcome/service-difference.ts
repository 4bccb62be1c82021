import { virtualTokens } from '@spillway/core';
import { ENDS, type Outcomes } from './outcomes.ts';

export interface ServiceDifference {
  /** Over the points, in tokens (input + 2 x output) per second. */
  readonly max: number;
  readonly average: number;
}

const WINDOW_MS = 60_000;
const STEP_MS = 30_000;
const COMPLETED = ENDS.indexOf('completed');
const REJECTED = ENDS.indexOf('rejected');

/**
 * How unevenly tenants were served over the first `lengthMs`, by the measure that the VTC paper publishes (OSDI 2024,
 * `get_service_diff_over_time` of its artifact): in windows of a minute, every half minute, what each tenant lacks of
 * the best served one or of what it asked for, whichever is less; added up over tenants. A request's service is spread
 * evenly between its first and last token; one that was refused counts for nothing.
 */
export function serviceDifference(outcomes: Outcomes, lengthMs: number): ServiceDifference {
  const points = Math.max(1, Math.floor((lengthMs - WINDOW_MS) / STEP_MS) + 1);
  const tenants = outcomes.tenants.length;
  const served = new Float64Array(points * tenants);
  const asked = new Float64Array(points * tenants);
  for (let index = 0; index < outcomes.length; index += 1) {
    const tenant = outcomes.tenant[index] ?? 0;
    const tokens = virtualTokens(outcomes.inputTokens[index] ?? 0, outcomes.outputTokens[index] ?? 0, 1);
    const arrivedAtMs = outcomes.arrivedAtMs[index] ?? 0;
    const firstMs = outcomes.firstTokenAtMs[index] ?? Number.NaN;
    const lastMs = outcomes.finishedAtMs[index] ?? Number.NaN;
    const isAsked = outcomes.end[index] !== REJECTED;
    const isServed = outcomes.end[index] === COMPLETED && lastMs - firstMs > 0.01;
    for (let point = 0; point < points; point += 1) {
      const fromMs = point * STEP_MS;
      const toMs = fromMs + WINDOW_MS;
      const cell = point * tenants + tenant;
      if (isAsked && arrivedAtMs >= fromMs && arrivedAtMs <= toMs) asked[cell] = (asked[cell] ?? 0) + tokens;
      const overlapMs = isServed ? Math.min(toMs, lastMs) - Math.max(fromMs, firstMs) : 0;
      if (overlapMs > 0) served[cell] = (served[cell] ?? 0) + (tokens * overlapMs) / (lastMs - firstMs);
    }
  }
  const differences: number[] = [];
  for (let point = 0; point < points; point += 1) {
    const of = (column: Float64Array): Float64Array =>
      column.subarray(point * tenants, (point + 1) * tenants);
    const best = of(served).reduce((most, tokens) => Math.max(most, tokens), 0);
    let lacking = 0;
    for (const [tenant, tokens] of of(served).entries())
      lacking += Math.min(best - tokens, Math.abs((of(asked)[tenant] ?? 0) - tokens));
    differences.push((lacking / WINDOW_MS) * 1000);
  }
  return {
    max: Math.max(...differences),
    average: differences.reduce((sum, difference) => sum + difference, 0) / points,
  };
}
