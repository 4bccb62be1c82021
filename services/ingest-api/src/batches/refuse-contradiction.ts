import { refuse } from './refuse.ts';

/** Throws the problem of lines that may run nowhere: whatever they say, they would all be refused. */
export function refuseContradiction(
  { strategy, privacy }: { readonly strategy: string; readonly privacy: string },
  path: string,
): void {
  if (strategy === 'cloud_only' && privacy === 'local_only') {
    throw refuse(path, 'cloud_only contradicts privacy local_only');
  }
}
