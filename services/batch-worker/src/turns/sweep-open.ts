import type { Turn, TurnDeps, TurnOutcome } from './turn.ts';

const MODES = { hold: 'hold', resume: 'resume', 'cancel-open': 'cancel' } as const;

/** Does one thing to every job of a batch that has not ended: cancel it, or take it out of its lane, or put it back. */
export async function sweepOpen(
  { work }: TurnDeps,
  { lease, turn, signal }: Turn<keyof typeof MODES>,
): Promise<TurnOutcome> {
  let cursor: string | undefined = '0';
  while (cursor !== undefined && !signal.aborted) {
    cursor = await work.sweepOpen(lease, MODES[turn.kind], cursor);
  }
  return 'next';
}
