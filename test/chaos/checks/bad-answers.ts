import type { Refusal } from '../history/history.ts';
import type { Check } from './violation.ts';

/**
 * A well-formed request meets a 2xx, a 503 that says when to come again, or no answer at all; anything else tells a
 * client something that is not so.
 */
export const badAnswers: Check = ({ jobs }) =>
  jobs.flatMap(({ plan, refusals }) =>
    refusals
      .filter(({ refusal }) => isBad(refusal))
      .map(({ of, refusal: { code, status, detail } }) => ({
        figure: 'bad_answers',
        key: plan.key,
        detail: `${of}: ${status ?? 'no status'} ${code}${status === 503 ? ' without Retry-After' : ''}: ${detail}`,
      })),
  );

function isBad({ status, code, retryAfterMs }: Refusal): boolean {
  if (status === undefined) return code === 'unexpected-answer';
  return status !== 503 || retryAfterMs === undefined;
}
