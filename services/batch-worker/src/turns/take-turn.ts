import { assertNever, type BatchTurn } from '@spillway/core';
import { advanceDocuments } from '../documents/advance-documents.ts';
import { closeBatch } from './close-batch.ts';
import { drainLines } from './drain-lines.ts';
import { feedBatch } from './feed-batch.ts';
import { finaliseBatch } from './finalise-batch.ts';
import { sweepOpen } from './sweep-open.ts';
import type { Turn, TurnDeps, TurnOutcome } from './turn.ts';
import { validateBatch } from './validate-batch.ts';

/** Does what was decided. Each turn may be done twice, by two workers, and leaves the batch as if it was done once. */
export function takeTurn(
  deps: TurnDeps,
  turn: Turn<Exclude<BatchTurn['kind'], 'wait' | 'leave'>>,
): Promise<TurnOutcome> {
  const as = <Kind extends BatchTurn['kind']>(decided: Extract<BatchTurn, { kind: Kind }>): Turn<Kind> => ({
    ...turn,
    turn: decided,
  });
  const decided = turn.turn;
  switch (decided.kind) {
    case 'validate':
      return validateBatch(deps, as<'validate'>(decided));
    case 'feed':
      return feedBatch(deps, as<'feed'>(decided));
    case 'advance':
      return advanceDocuments(deps, as<'advance'>(decided));
    case 'drain':
      return drainLines(deps, as<'drain'>(decided));
    case 'hold':
    case 'resume':
    case 'cancel-open':
      return sweepOpen(deps, as<'hold' | 'resume' | 'cancel-open'>(decided));
    case 'close':
      return closeBatch(deps, as<'close'>(decided));
    case 'finalise':
      return finaliseBatch(deps, as<'finalise'>(decided));
    default:
      return assertNever(decided);
  }
}
