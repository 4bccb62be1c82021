import type { PolicyRun } from './run-protocol.ts';

/** What runs are at: the policies under way with their shares, and how many are still to come. */
export function progressText(
  shares: ReadonlyMap<PolicyRun, number>,
  runs: readonly PolicyRun[],
  columns: number,
): string {
  const seeds = new Set(runs.map(({ seed }) => seed)).size;
  const done = runs.filter((run) => shares.get(run) === 1).length;
  const underWay = runs.flatMap((run) => {
    const share = shares.get(run);
    if (share === undefined || share === 1) return [];
    const name = seeds > 1 ? `${run.policy} (seed ${run.seed})` : run.policy;
    return [`${name} ${Math.floor(share * 100)} %`];
  });
  const head = runs.length > 1 ? [`${done} of ${runs.length} done`] : [];
  return [...head, ...underWay].join(' · ').slice(0, Math.max(0, columns - 1));
}

/** Whether the end of another run is worth a line where lines stay: at most ten of them for any number of runs. */
export const isMilestone = (done: number, total: number): boolean =>
  Math.floor((done * 10) / total) > Math.floor(((done - 1) * 10) / total);
