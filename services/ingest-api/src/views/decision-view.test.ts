import type { BackendId } from '@spillway/core';
import { packDecision } from '@spillway/planning';
import { aDecision } from '@spillway/planning/testing';
import type { AttemptRecord } from '@spillway/redis';
import { describe, expect, test } from 'vitest';
import { toDecisionBodies } from './decision-view.ts';
import { aJobRecord } from '../testing/a-job-record.ts';

const START_MS = Date.UTC(2030, 0, 1);
const at = (seconds: number): string => new Date(START_MS + seconds * 1000).toISOString();

/** An attempt that began and ended at these seconds; without an end it runs. */
const attempt = (
  number: number,
  fence: number,
  startedSeconds: number,
  end?: Partial<NonNullable<AttemptRecord['end']>> & { readonly seconds: number },
): AttemptRecord => ({
  number,
  fence,
  backendId: 'gpu-0' as BackendId,
  startedAtMs: START_MS + startedSeconds * 1000,
  end:
    end === undefined
      ? undefined
      : {
          outcome: 'completed',
          code: undefined,
          detail: undefined,
          predictedFinishAtMs: undefined,
          predictionErrorMs: undefined,
          outputErrorTokens: undefined,
          counterfactualUsd: undefined,
          ...end,
          finishedAtMs: START_MS + end.seconds * 1000,
        },
});
const assigned = (fence: number) => aDecision({ fence });
const outcomesOf = (
  decisions: readonly ReturnType<typeof aDecision>[],
  attempts: readonly AttemptRecord[],
  costMicroUsd = 30,
) => {
  const usage = { inputTokens: 1, cachedInputTokens: 0, outputTokens: 1, costMicroUsd };
  return toDecisionBodies(decisions.map(packDecision), aJobRecord({ attempts, usage })).map(
    ({ outcome }) => outcome,
  );
};

describe('what came of a decision', () => {
  test('is told of the assignment whose attempt it was, each with its own', () => {
    const decisions = [
      aDecision({ action: 'hold', backend: null, fence: null, trigger: null }),
      assigned(1),
      assigned(3),
    ];
    const attempts = [
      attempt(1, 1, 1, { seconds: 4, outcome: 'failed' }),
      attempt(2, 3, 6, {
        seconds: 9,
        predictionErrorMs: -300,
        outputErrorTokens: 21,
        counterfactualUsd: 0.0006,
      }),
    ];
    expect(outcomesOf(decisions, attempts)).toEqual([
      null,
      {
        finished_at: at(4),
        prediction_error_ms: null,
        output_error_tokens: null,
        cost_usd: null,
        counterfactual_usd: null,
        saved_usd: null,
      },
      {
        finished_at: at(9),
        prediction_error_ms: -300,
        output_error_tokens: 21,
        cost_usd: 0.00003,
        counterfactual_usd: 0.0006,
        saved_usd: 0.00057,
      },
    ]);
  });

  test('is nothing for an assignment that no worker took, nor while the attempt runs', () => {
    expect(outcomesOf([assigned(1), assigned(2)], [attempt(1, 2, 41, { seconds: 43 })])).toMatchObject([
      null,
      { finished_at: at(43) },
    ]);
    expect(outcomesOf([assigned(1)], [attempt(1, 1, 41)])).toEqual([null]);
  });

  test('without a cloud that could have had it, nothing was saved that could be told', () => {
    expect(outcomesOf([assigned(1)], [attempt(1, 1, 2, { seconds: 3 })])).toMatchObject([
      { cost_usd: 0.00003, counterfactual_usd: null, saved_usd: null },
    ]);
  });
});
