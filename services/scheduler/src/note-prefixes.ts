import type { Assignment, PrefixIndex, Snapshot } from '@spillway/core';
import type { Dispatch } from '@spillway/redis';

/** Notes the prompts that backends were really given: what the commit refused is in nobody's cache. */
export function noteDispatched(
  prefixes: PrefixIndex,
  assignments: readonly Assignment[],
  dispatched: readonly Dispatch[],
  { backends, policy }: Snapshot,
): void {
  if (assignments.every(({ job }) => job.prefix.length === 0)) return;
  const given = new Set(dispatched.map(({ jobId }) => jobId));
  const capacities = new Map(
    backends.map(({ id, kvCapacityTokens = 0 }) => [
      id,
      Math.floor(kvCapacityTokens / policy.prefixBlockTokens),
    ]),
  );
  for (const { job, backendId } of assignments) {
    if (given.has(job.id)) prefixes.note(backendId, job.prefix, capacities.get(backendId) ?? 0);
  }
}

/** An engine that went down comes back with nothing cached. */
export function forgetDown(prefixes: PrefixIndex, { backends }: Snapshot): void {
  for (const { id, health } of backends) if (health.kind === 'down') prefixes.forget(id);
}
