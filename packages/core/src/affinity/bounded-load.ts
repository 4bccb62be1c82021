/**
 * The most tokens a backend may hold to be chosen for its prefix cache, when one more job is about to be placed: `bound`
 * times the mean of all candidates, the job included. Consistent hashing with bounded loads (Mirrokni, Thorup and
 * Zadimoghaddam, arXiv 1608.01350): with a bound of 1 or more, at least one candidate is below it, so affinity can
 * always be followed somewhere, and no backend is ever far above the mean because of it.
 *
 * @param heldTokens of each candidate; of none, nothing may be held
 * @param bound 1 spreads evenly, 1.25 is what published balancers use; the higher, the more affinity counts
 */
export function loadCeiling(heldTokens: readonly number[], jobTokens: number, bound: number): number {
  if (heldTokens.length === 0) return 0;
  const total = heldTokens.reduce((sum, held) => sum + held, jobTokens);
  return (bound * total) / heldTokens.length;
}
