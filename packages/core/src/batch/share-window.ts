/** However many batches there are, each has a few lines in the lanes: a batch that has none would stand still. */
const SMALLEST_WINDOW = 32;
/** Of its share, also when others hold more than theirs and do not move, paused or without a backend. */
const LEAST_OF_SHARE = 1 / 16;

/**
 * How many lines one batch may have between its input and its part files at once: its own window, or its share of the
 * one all batches of the cell have together, or what of that is free; so that the store's memory is bounded by the cell
 * and not by the number of batches. Those that came when there were fewer keep what they have until it is written down.
 *
 * @param limits `lines` of one batch and `totalLines` of all of them
 * @param cell `running` batches whose lines are being fed, this one among them; the lines that this one and that all of
 *   them have there now
 */
export function shareWindow(
  limits: { readonly lines: number; readonly totalLines: number },
  cell: { readonly running: number; readonly ownLines: number; readonly allLines: number },
): number {
  const share = Math.floor(limits.totalLines / Math.max(1, cell.running));
  const free = cell.ownLines + limits.totalLines - cell.allLines;
  const least = Math.max(SMALLEST_WINDOW, Math.floor(share * LEAST_OF_SHARE));
  return Math.max(Math.min(limits.lines, share, free), Math.min(limits.lines, least));
}
