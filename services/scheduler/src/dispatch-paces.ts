import {
  type EpochMs,
  type Forecast,
  JOB_CLASSES,
  type JobClass,
  type JobId,
  learnPace,
  type Pace,
  paceMs,
  type Plan,
  type Snapshot,
  UNKNOWN_PACE,
} from '@spillway/core';

/** How fast jobs of each model group and class are dispatched. A new leader sees anew. */
export interface DispatchPaces {
  /** Forecasts with what was seen so far. */
  tell(forecasts: readonly Forecast[]): readonly Forecast[];
  /** A tick has been made, and these jobs left. */
  note(snapshot: Snapshot, plan: Plan, left: readonly { readonly jobId: JobId }[]): void;
  /** Another one has led meanwhile. */
  clear(): void;
}

/** Between two ticks that far apart the store was away. */
const LONGEST_MS = 5000;

export function createDispatchPaces(): DispatchPaces {
  const paces = new Map<string, Pace>();
  /** Of which some waited after the last tick. */
  let waiting: ReadonlySet<string> = new Set();
  let lastAtMs: EpochMs | undefined;
  return {
    tell: (forecasts) =>
      forecasts.map((forecast) => ({
        ...forecast,
        paceMs: Object.fromEntries(
          JOB_CLASSES.map((jobClass) => [
            jobClass,
            paceMs(paces.get(nameOf(forecast.modelGroup, jobClass)) ?? UNKNOWN_PACE),
          ]),
        ) as Record<JobClass, number>,
      })),
    note: ({ nowMs, lanes, modelGroups }, { assignments }, left) => {
      const passedMs = lastAtMs === undefined ? 0 : Math.max(0, nowMs - lastAtMs);
      const isSeen = passedMs <= LONGEST_MS;
      lastAtMs = nowMs;
      const gone = new Set(left.map(({ jobId }) => jobId));
      const leftBy = new Map<string, number>();
      for (const { job, lane } of assignments)
        if (gone.has(job.id)) add(leftBy, nameOf(lane.modelGroup, lane.jobClass), 1);
      const depths = new Map<string, number>();
      for (const { modelGroup, jobClass, depth } of lanes) add(depths, nameOf(modelGroup, jobClass), depth);
      for (const modelGroup of modelGroups.keys()) {
        for (const jobClass of JOB_CLASSES) {
          const name = nameOf(modelGroup, jobClass);
          const pace = paces.get(name);
          if (pace === undefined && !waiting.has(name)) continue;
          const othersWaited = isSeen && waiting.has(name);
          const latest = { passedMs, othersWaited, left: leftBy.get(name) ?? 0 };
          paces.set(name, learnPace(pace ?? UNKNOWN_PACE, jobClass, latest));
        }
      }
      waiting = new Set(
        [...depths].filter(([name, depth]) => depth > (leftBy.get(name) ?? 0)).map(([name]) => name),
      );
      for (const name of paces.keys()) if (!modelGroups.has(groupIn(name))) paces.delete(name);
    },
    clear: () => {
      paces.clear();
      waiting = new Set();
      lastAtMs = undefined;
    },
  };
}

const nameOf = (modelGroup: string, jobClass: JobClass): string => `${jobClass} ${modelGroup}`;
const groupIn = (name: string): string => name.slice(name.indexOf(' ') + 1);

function add(sums: Map<string, number>, name: string, value: number): void {
  sums.set(name, (sums.get(name) ?? 0) + value);
}
