import { parseCompletionWindow } from '@spillway/batches';
import { refuse } from './refuse.ts';

/**
 * A completion window in ms; throws the problem of one that is none.
 *
 * @param path the member of the request it came as
 */
export function readWindow(text: string, path: string): number {
  const windowMs = parseCompletionWindow(text);
  if (windowMs !== undefined) return windowMs;
  throw refuse(path, 'use 24h, or minutes, hours or days from 1m to 14d, such as 90m');
}
