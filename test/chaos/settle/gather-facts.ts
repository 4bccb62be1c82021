import { wait } from '@spillway/service-kit';
import { ALL_CHECKS } from '../checks/all-checks.ts';
import { awaitsBatchEvent, hasBatchEvent } from '../checks/missed-batch-events.ts';
import { awaitsEvent, hasEvent } from '../checks/missed-events.ts';
import type { FaultRecord } from '../faults/fault.ts';
import { gatherBatches } from '../history/batch-facts.ts';
import { gatherJobs, type JobFacts, type RunFacts } from '../history/facts.ts';
import type { History } from '../history/history.ts';
import { readJournal } from '../history/journal.ts';
import type { ChaosHouse } from '../house/chaos-house.ts';
import { SLOTS } from '../house/names.ts';
import { openStore } from '../house/open-store.ts';
import type { PlannedBatch } from '../load/planned-batch.ts';
import type { PlannedJob } from '../load/planned-job.ts';
import { createAuditStore } from './audit-store.ts';
import { collectBatches } from './collect-batches.ts';
import { collectDecisions } from './collect-decisions.ts';
import { collectFinals } from './collect-finals.ts';
import { listBlobs } from './list-blobs.ts';

interface GatherOptions {
  readonly plans: readonly PlannedJob[];
  readonly batchPlans: readonly PlannedBatch[];
  readonly history: History;
  readonly faults: readonly FaultRecord[];
  readonly rescuedBatches: number;
  readonly signal: AbortSignal;
}

/** A delivery whose dispatcher was killed is taken up when its lock of a minute has run out, which is looked for every 10 s. */
const EVENTS_WITHIN_MS = 100_000;
const CLEAN_WITHIN_MS = 80_000;
const LOOK_MS = 250;

/** Waits for what may come late, and gathers what can only be asked while the processes run. */
export async function gatherFacts(
  house: ChaosHouse,
  { plans, batchPlans, history, faults, rescuedBatches, signal }: GatherOptions,
): Promise<RunFacts> {
  const jobs = (): readonly JobFacts[] => gatherJobs(plans, history.entries);
  const batches = (): RunFacts['batches'] => gatherBatches(batchPlans, history.entries);
  await collectFinals(house.clients, jobs(), history, signal);
  await collectBatches(house.batchClients, batches(), history, signal);
  await within(
    EVENTS_WITHIN_MS,
    signal,
    async () =>
      jobs().every((job) => !awaitsEvent(job) || hasEvent(job)) &&
      batches().every((batch) => !awaitsBatchEvent(batch) || hasBatchEvent(batch)),
  );
  await using stack = new AsyncDisposableStack();
  const audit = createAuditStore(await openStore(house.platform.redisUrl, stack));
  let left = await audit();
  await within(CLEAN_WITHIN_MS, signal, async () => {
    left = await audit();
    return left.drift.length === 0 && Object.values(left.counts).every((count) => count === 0);
  });
  signal.throwIfAborted();
  const gathered: Omit<RunFacts, 'jobs'> = {
    batches: batches(),
    faults,
    engine: readJournal(house.journalOf['engine-sim']),
    cloud: readJournal(house.journalOf['provider-sim']),
    cap: SLOTS,
    leftovers: { ...left, processes: [], blobs: await listBlobs(house.blobFolder) },
    crashes: [],
    unverified: [],
    rescuedBatches,
  };
  const keys = new Set(
    ALL_CHECKS.flatMap((check) => check({ ...gathered, jobs: jobs() })).map(({ key }) => key),
  );
  const concerned = jobs().filter(({ plan }) => keys.has(plan.key));
  await collectDecisions(house.clients, concerned, history, signal);
  return { ...gathered, jobs: jobs() };
}

async function within(limitMs: number, signal: AbortSignal, holds: () => Promise<boolean>): Promise<boolean> {
  const deadlineMs = performance.now() + limitMs;
  while (performance.now() < deadlineMs && !signal.aborted) {
    if (await holds()) return true;
    await wait(LOOK_MS, signal);
  }
  return false;
}
