import type { BatchObject } from '@spillway/contracts';
import { isDeepStrictEqual } from 'node:util';
import type { BatchFacts } from '../history/batch-facts.ts';
import type { Check } from './violation.ts';

const WINDOW_SECONDS = { '1m': 60, '24h': 86_400 } as const;

/**
 * A batch ends as what was done to it and what its lines are make it end: one whose input has mistakes tells every one of
 * them, and none expires before its time.
 */
export const wrongEnds: Check = ({ batches }) =>
  batches.flatMap((facts) =>
    facts.finals.flatMap(({ batch }) =>
      [...wrongStatus(facts, batch), ...wrongMistakes(facts, batch), ...wrongWindow(facts, batch)].map(
        (detail) => ({ figure: 'wrong_ends', key: facts.plan.key, detail }) as const,
      ),
    ),
  );

function wrongStatus(facts: BatchFacts, { id, status }: BatchObject): readonly string[] {
  const right = endsOf(facts);
  // One that has not ended is told elsewhere.
  const hasEnded = ENDS.includes(status);
  return !hasEnded || right.includes(status) ? [] : [`${id} ended as ${status}, not ${right.join(' or ')}`];
}

const ENDS: readonly string[] = ['completed', 'failed', 'expired', 'cancelled'];

function endsOf({ plan, changes }: BatchFacts): readonly string[] {
  switch (plan.course.kind) {
    case 'plain':
    case 'paused':
      return ['completed'];
    case 'expiring':
      return ['expired'];
    case 'invalid':
      return ['failed'];
    case 'cancelled':
      // A cancel whose answer was lost may have come in time, or too late.
      return changes.length > 0 ? ['cancelled'] : ['cancelled', 'completed'];
  }
}

function wrongMistakes({ plan }: BatchFacts, { id, status, errors }: BatchObject): readonly string[] {
  if (status !== 'failed' && errors === null) return [];
  const told = (errors?.data ?? []).map(({ line, code }) => ({ line, code }));
  const planned = plan.course.kind === 'invalid' ? plan.course.mistakes : [];
  return isDeepStrictEqual(told, planned)
    ? []
    : [`${id} tells the mistakes ${JSON.stringify(told)}, not ${JSON.stringify(planned)}`];
}

function wrongWindow({ plan }: BatchFacts, batch: BatchObject): readonly string[] {
  const { id, created_at: createdAt, expires_at: expiresAt, expired_at: expiredAt } = batch;
  const wrong: string[] = [];
  const windowSeconds = expiresAt - createdAt;
  // both are rounded down
  if (Math.abs(windowSeconds - WINDOW_SECONDS[plan.completionWindow]) > 1)
    wrong.push(`${id} has a window of ${windowSeconds} s, not ${plan.completionWindow}`);
  if (expiredAt !== null && expiredAt < expiresAt)
    wrong.push(`${id} expired ${expiresAt - expiredAt} s before its time`);
  return wrong;
}
