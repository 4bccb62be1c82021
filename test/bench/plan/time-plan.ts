import { readFileSync } from 'node:fs';
import { plan, type Plan, type Snapshot } from '@spillway/core';
import { wait } from '@spillway/service-kit';

/** What a scenario took, in ms a plan: by the clock, and less what this thread waited for a CPU that others had. */
export interface PlanTimes {
  readonly wallMs: readonly number[];
  readonly ranMs: readonly number[];
  readonly plan: Plan;
}

/** A scheduler waits between its ticks, too. */
const REST_EVERY = 8;

/** Plans a snapshot again and again; as many times as are counted, it is not counted before. */
export async function timePlan(snapshot: Snapshot, times: number, signal: AbortSignal): Promise<PlanTimes> {
  const wallMs: number[] = [];
  const ranMs: number[] = [];
  let planned = plan(snapshot);
  for (let run = -times; run < times; run += 1) {
    const waitedMs = waitedForCpuMs();
    const startedAtMs = performance.now();
    planned = plan(snapshot);
    const tookMs = performance.now() - startedAtMs;
    if (run >= 0) {
      wallMs.push(tookMs);
      ranMs.push(tookMs - (waitedForCpuMs() - waitedMs));
    }
    if (run % REST_EVERY === 0) await wait(0, signal);
    signal.throwIfAborted();
  }
  return { wallMs, ranMs, plan: planned };
}

/** How long this thread has been ready to run without a CPU, since it began; 0 where the system does not say. */
function waitedForCpuMs(): number {
  try {
    return Number(readFileSync('/proc/thread-self/schedstat', 'utf8').split(' ')[1]) / 1e6;
  } catch {
    return 0;
  }
}
