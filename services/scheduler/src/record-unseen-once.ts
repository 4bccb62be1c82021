import { packDecision, recordBehindOthers } from '@spillway/planning';
import type { Duties } from '@spillway/redis';
import type { LoadedConfig } from '@spillway/service-kit';
import type { LaneReasons } from './lane-reasons.ts';

export interface RecordUnseenDeps {
  readonly duties: Pick<Duties, 'unseenJobs' | 'recordHolds'>;
  readonly reasons: LaneReasons;
  readonly config: () => LoadedConfig;
}

/**
 * Stores why jobs wait that no tick has come to: a tick reads only the heads of lanes, but whoever asks about a job far
 * back is to be answered, too. A bounded number a call, each job once.
 */
export async function recordUnseenOnce(deps: RecordUnseenDeps, epoch: number): Promise<void> {
  const { nowMs, jobs } = await deps.duties.unseenJobs();
  const context = { nowMs, configVersion: deps.config().version, epoch };
  await deps.duties.recordHolds(
    jobs.map((one) => ({
      job: one.job.id,
      decision: packDecision(recordBehindOthers(one, deps.reasons.of(one.lane.key), context)),
    })),
  );
}
