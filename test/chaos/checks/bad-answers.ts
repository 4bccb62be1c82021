import type { Refusal } from '../history/history.ts';
import type { Check } from './violation.ts';

/**
 * A well-formed request meets a 2xx, a 503 that says when to come again, or no answer at all; anything else tells a
 * client something that is not so.
 */
export const badAnswers: Check = ({ jobs, batches }) =>
  [...jobs, ...batches].flatMap(({ plan, refusals }) =>
    refusals
      .filter(({ of, refusal }) => isBad(refusal) && !isTooLate(of, refusal))
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

/** What is asked of a batch that has ended meanwhile. */
const isTooLate = (of: string, { status, code }: Refusal): boolean =>
  CHANGES.includes(of) && status === 409 && code === 'batch_ended';

const CHANGES: readonly string[] = ['cancel', 'pause', 'resume'];
