import { loadCeiling } from '../affinity/bounded-load.ts';
import type { Candidate, Scored } from './explanation.ts';
import type { SchedulingPolicy } from './policy.ts';
import { engineProfileOf } from './forecast/pool.ts';

/** Scores closer than this are equal: predictions are not that good. */
const TIE = 0.01;

/**
 * The best of some candidates. Replicas, local engines of the same model, compare by the time they cost, which did
 * better than every published rule on a trace of shared prefixes (docs/benchmarks, affinity). What differs compares by score.
 * Ties go to the longer cached prefix, then to the backend that holds less, then by id.
 */
export function choose(
  candidates: readonly Candidate[],
  policy: SchedulingPolicy,
  jobTokens: number,
): Scored | undefined {
  const scored = candidates.filter((candidate) => candidate.kind === 'scored');
  const [first] = scored;
  if (scored.length < 2) return first;
  const ceiling = loadCeiling(
    scored.map(({ load }) => load.heldTokens),
    jobTokens,
    policy.loadBound,
  );

  const bestReplica = new Map<string, Scored>();
  for (const candidate of scored) {
    // Cloud backends of one model differ in price: they are no replicas.
    const kind = candidate.location === 'local' ? candidate.model : `cloud ${candidate.backendId}`;
    const best = bestReplica.get(kind);
    if (best === undefined || compareReplicas(candidate, best) < 0) bestReplica.set(kind, candidate);
  }
  // First the best score, then the tie: to compare two by two would let the order of a list decide between three.
  const kinds = [...bestReplica.values()];
  if (kinds.length === 1) return kinds[0];
  const bestScore = Math.max(...kinds.map(({ score }) => score));
  const [chosen] = kinds.filter(({ score }) => score > bestScore - TIE).toSorted(compareTied);
  return chosen;

  /** A backend that holds more than its share is not chosen for its cache: it counts as if it had none. */
  function cachedBy({ load, prediction }: Scored): number {
    return load.heldTokens > ceiling ? 0 : prediction.cachedTokens;
  }

  /**
   * What choosing a replica costs everybody: when the job would be ready, and once more the prompt that has to be
   * computed, because whatever the replica is given next waits for it. Who will join the batch does not hang on what it
   * holds now, so the stall is left out. Measured on the Mooncake trace (docs/benchmarks, affinity).
   */
  function costMs(candidate: Scored): number {
    const { queueMs, prefillMs, decodeMs, stallMs, cachedTokens } = candidate.prediction;
    const { perPrefillTokenMs, prefillFactor } = engineProfileOf(candidate.load);
    const lostMs = ((cachedTokens - cachedBy(candidate)) * perPrefillTokenMs) / prefillFactor;
    return queueMs + 2 * (prefillMs + lostMs) + decodeMs - stallMs;
  }

  function compareReplicas(a: Scored, b: Scored): number {
    return costMs(a) - costMs(b) || compareTied(a, b);
  }

  function compareTied(a: Scored, b: Scored): number {
    return (
      cachedBy(b) - cachedBy(a) ||
      a.load.heldTokens - b.load.heldTokens ||
      (a.backendId < b.backendId ? -1 : 1)
    );
  }
}
