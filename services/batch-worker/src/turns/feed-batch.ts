import { feedDocuments } from '../documents/feed-documents.ts';
import { feedLines } from '../lines/feed-lines.ts';
import { drainLines } from './drain-lines.ts';
import type { Turn, TurnDeps, TurnOutcome } from './turn.ts';

/** Gives the next lines of a batch to the lanes, as many as there is room for in its window, by lines and by bytes. */
export async function feedBatch(deps: TurnDeps, turn: Turn<'feed'>): Promise<TurnOutcome> {
  const { batch } = turn;
  const roomBytes = deps.config().batches.window_bytes - batch.windowBytes - batch.view.settledBytes;
  // What ended takes room until it is written down.
  if (roomBytes <= 0) return batch.view.settled > 0 ? drainLines(deps, turn) : 'later';
  return batch.record.description.face === 'documents'
    ? feedDocuments(deps, turn)
    : feedLines(deps, turn, roomBytes);
}
