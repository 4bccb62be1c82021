/** However many batches there are, each has a few lines in the lanes: a batch that has none would stand still. */
const SMALLEST_WINDOW = 32;

/**
 * How many lines one batch may have between its input and its part files at once: its own window, or its share of the
 * one all batches of the cell have together, so that the store's memory is bounded by the cell and not by the number of
 * batches.
 *
 * @param limits `lines` of one batch and `totalLines` of all of them
 * @param running batches whose lines are being fed, this one among them
 */
export function shareWindow(
  limits: { readonly lines: number; readonly totalLines: number },
  running: number,
): number {
  const share = Math.floor(limits.totalLines / Math.max(1, running));
  return Math.max(Math.min(limits.lines, share), Math.min(limits.lines, SMALLEST_WINDOW));
}
