import type { Config } from '@spillway/contracts';
import { type PrivacyChoice, type RoutingStrategy, rulesOut } from '@spillway/core';
import { refuse } from './refuse.ts';

/** Throws the problem of lines that may run nowhere: whatever they say, they would all be refused. */
export function refuseContradiction(
  { strategy, privacy }: { readonly strategy: RoutingStrategy; readonly privacy: PrivacyChoice },
  { routing }: Pick<Config, 'routing'>,
  path: string,
): void {
  if (privacy === 'local_only' && rulesOut(routing.strategies[strategy], 'local')) {
    throw refuse(path, `${strategy} contradicts privacy local_only`);
  }
}
