import type { LineOutcome } from '@spillway/core';
import { parseJsonAnswer, type ValidateAnswer } from '@spillway/documents';
import { answerText } from './answer-text.ts';
import type { StepResult } from './document-deps.ts';
import type { LineState } from './line-state.ts';
import type { Step } from './step.ts';

export interface StepRules {
  /** Of the schema that the answer is to follow; undefined when there is none. */
  readonly validate: ValidateAnswer | undefined;
  /** Why no further step may begin; undefined: they may. */
  readonly stopped: 'cancelled' | 'expired' | undefined;
}

export type StepDecision =
  /** Other steps of its level have not ended. */
  | { readonly kind: 'wait' }
  /** Put the answers of its level together. */
  | { readonly kind: 'combine' }
  /** The same once more, without the response format. */
  | { readonly kind: 'ask-plainly' }
  /** Once more, with what was wrong. */
  | { readonly kind: 'ask-for-repair'; readonly answer: string; readonly mistakes: readonly string[] }
  | ({ readonly kind: 'end' } & DocumentEnd);

export interface DocumentEnd {
  readonly outcome: LineOutcome['outcome'];
  /** The answer: text, or what the schema asked for; null without one. */
  readonly output: unknown;
  readonly error: LineOutcome['error'];
}

/**
 * What a step that ended leads to. A document ends with its last step; before that only with a step that did not complete.
 *
 *     parts ──all answered──▶ answers put together, level by level ──▶ the last one ──follows the schema──▶ completed
 *                                   its format is refused ──▶ asked plainly, once      │ does not
 *                                                                asked for repair, once ──does not──▶ failed
 *
 * @param state with this step counted
 */
export function decideStep(
  state: Pick<LineState, 'steps' | 'left'>,
  step: Step,
  { outcome, error, body }: Pick<StepResult, 'outcome' | 'error' | 'body'>,
  { validate, stopped }: StepRules,
): StepDecision {
  const isLast = state.steps === 1;
  if (outcome !== 'completed') {
    const asksForFormat = isLast && validate !== undefined && !step.plain;
    if (asksForFormat && stopped === undefined && refusesFormat(error)) return { kind: 'ask-plainly' };
    return { kind: 'end', outcome, output: null, error };
  }
  if (!isLast) {
    if (state.left > 0) return { kind: 'wait' };
    return stopped === undefined ? { kind: 'combine' } : endedBy(stopped);
  }
  const answer = answerText(body);
  if (answer === undefined) return failed('no-answer', NO_ANSWER);
  if (validate === undefined) return completed(answer);
  const parsed = parseJsonAnswer(answer);
  const valid = parsed.ok ? validate(parsed.value) : { ok: false as const, error: [parsed.error] };
  if (valid.ok) return completed(valid.value);
  if (step.repair) return failed('schema-mismatch', mismatch(valid.error));
  return stopped === undefined ? { kind: 'ask-for-repair', answer, mistakes: valid.error } : endedBy(stopped);
}

const NO_ANSWER = 'the model answered without any text; a model that thinks needs a higher max_output_tokens';
const MAX_DETAIL = 1000;

/** Vendors word it in many ways, and some repeat the request, so that it is withheld: asking once more costs little. */
const refusesFormat = (error: LineOutcome['error']): boolean =>
  error?.code === 'invalid-request' || error?.code === 'unsupported-by-backend';

const mismatch = (mistakes: readonly string[]): string => {
  const text = `the answer does not follow the schema, and did not when asked again: ${mistakes.join('; ')}`;
  return text.length > MAX_DETAIL ? `${text.slice(0, MAX_DETAIL - 1)}…` : text;
};

const completed = (output: unknown): StepDecision => ({
  kind: 'end',
  outcome: 'completed',
  output,
  error: undefined,
});

const failed = (code: string, detail: string): StepDecision => ({
  kind: 'end',
  outcome: 'failed',
  output: null,
  error: { code, detail },
});

const endedBy = (stopped: 'cancelled' | 'expired'): StepDecision => ({
  kind: 'end',
  outcome: stopped,
  output: null,
  error:
    stopped === 'expired' ? { code: 'expired', detail: 'the batch expired between two steps' } : undefined,
});
