import { storedUsageSchema } from '@spillway/batches';
import { NO_USAGE, PRIVACY_DETECTORS, type Usage } from '@spillway/core';
import { z } from 'zod';
import type { StepResult } from './document-deps.ts';

const count = z.int().min(0);

/** How far a document is: what `batch:<id>:steps` holds of its line, as JSON. */
const lineStateSchema = z.object({
  customId: z.string(),
  name: z.string(),
  sha256: z.string(),
  pages: count.optional(),
  /** Parts it is read in. */
  chunks: count,
  /** Decided on the whole document: a step may see what stood in any part of it. */
  pinned: z.boolean(),
  findings: z.array(z.enum(PRIVACY_DETECTORS)),
  fedAtMs: z.number(),
  /** The level under way, its steps, and those of them that have not ended. */
  level: count,
  steps: count,
  left: count,
  /** Of the steps that have ended. */
  usage: storedUsageSchema.optional(),
  attempts: count,
});
export type LineState = z.infer<typeof lineStateSchema>;

export const encodeState = (state: LineState): string => JSON.stringify(state);

/** Throws on a text that is no state: we wrote it, so it is damaged. */
export const decodeState = (text: string): LineState => lineStateSchema.parse(JSON.parse(text));

/** One step fewer to wait for, and what it used. */
export const countStep = (
  state: LineState,
  { usage, attempts }: Pick<StepResult, 'usage' | 'attempts'>,
): LineState => ({
  ...state,
  left: state.left - 1,
  usage: usage === undefined ? state.usage : addUsage(state.usage ?? NO_USAGE, usage),
  attempts: state.attempts + attempts,
});

function addUsage(a: Usage, b: Usage): Usage {
  const energyJoules =
    a.energyJoules === undefined && b.energyJoules === undefined
      ? undefined
      : (a.energyJoules ?? 0) + (b.energyJoules ?? 0);
  return {
    inputTokens: a.inputTokens + b.inputTokens,
    cachedInputTokens: a.cachedInputTokens + b.cachedInputTokens,
    outputTokens: a.outputTokens + b.outputTokens,
    costMicroUsd: a.costMicroUsd + b.costMicroUsd,
    ...(energyJoules !== undefined && { energyJoules }),
  };
}
