import { wait } from '@spillway/service-kit';
import { ALL_CHECKS } from './checks/all-checks.ts';
import { awaitsEvent, hasEvent } from './checks/missed-events.ts';
import { describeFault, type FaultRecord, type SimRule } from './faults/fault.ts';
import { injectFaults } from './faults/inject-faults.ts';
import { planFaults } from './faults/plan-faults.ts';
import { gatherJobs, type JobFacts, type RunFacts } from './history/facts.ts';
import type { History } from './history/history.ts';
import { readJournal } from './history/journal.ts';
import { type ChaosHouse, startChaosHouse } from './house/chaos-house.ts';
import { SLOTS } from './house/names.ts';
import { driveLoad } from './load/drive-load.ts';
import type { PlannedJob } from './load/planned-job.ts';
import { startWebhookReceiver } from './load/webhook-receiver.ts';
import type { Probe } from './recovery/recovery-seconds.ts';
import { sendProbes } from './recovery/send-probe.ts';
import type { ChaosRunOptions } from './run-chaos.ts';
import { openAudit } from './settle/audit-store.ts';
import { collectDecisions } from './settle/collect-decisions.ts';
import { collectFinals, untilAllEnded } from './settle/collect-finals.ts';

interface PlayOptions extends ChaosRunOptions {
  readonly plans: readonly PlannedJob[];
  readonly history: History;
  readonly dataDir: string;
}

interface Played {
  /** All but what only the end of the processes shows. */
  readonly facts: RunFacts;
  readonly probes: readonly Probe[];
  readonly logsDir: string;
}

/** A delivery whose dispatcher was killed is taken up when its lock of a minute has run out, which is looked for every 10 s. */
const EVENTS_WITHIN_MS = 100_000;
const CLEAN_WITHIN_MS = 80_000;
const LOOK_MS = 250;

/** Plays a run from the start of its processes to their end. Rejects, with all of them ended, when the signal aborts. */
export async function playRun(options: PlayOptions): Promise<Played> {
  const { seed, size, env, say, signal, plans, history, dataDir } = options;
  await using stack = new AsyncDisposableStack();
  const receiver = stack.adopt(
    await startWebhookReceiver((key, receipt) => history.note({ key, what: 'webhook', receipt })),
    (open) => open.close(),
  );
  const house = stack.adopt(
    await startChaosHouse({ dataDir, env, tenants: size.load.tenants, signal }),
    (open) => open.stop(),
  );
  const beganAtMs = Date.now();
  const tell = (line: string): void =>
    say(`  ${((Date.now() - beganAtMs) / 1000).toFixed(1).padStart(5)} s  ${line}`);
  tell(`seed ${seed}: ${plans.length} jobs over ${size.load.lengthMs / 1000} s, data in ${dataDir}`);

  const settled = new AbortController();
  const enough = AbortSignal.any([signal, settled.signal]);
  const probing: Promise<readonly Probe[]>[] = [];
  const loading = driveLoad(plans, house, receiver, history, enough);
  // heard below, when the faults are over
  loading.catch(() => {});
  const faults = await injectFaults(planFaults(seed, size.faults), {
    house,
    history,
    standingRules: standingRules(plans),
    signal,
    onChange: (fault, phase) => {
      if (phase === 'began') tell(describeFault(fault));
      if (phase === 'began') return;
      const probe = sendProbes(fault, { house, receiver, seed, signal: enough });
      probe.catch(() => {});
      probing.push(probe);
    },
  });
  await wait(Math.max(0, size.load.lengthMs - (Date.now() - beganAtMs)), signal);
  const limit = setTimeout(() => settled.abort(), size.settleMs);
  await loading;
  const probes = (await Promise.all(probing)).flat();
  const allEnded = await untilAllEnded([...house.clients, house.probe], enough);
  tell(allEnded ? 'every job has ended' : 'NOT every job has ended');
  clearTimeout(limit);
  settled.abort();
  signal.throwIfAborted();

  const facts = await settle(house, { ...options, faults });
  tell('stopping');
  return { facts, probes, logsDir: house.platform.logsDir };
}

/** Waits for what may come late, and gathers what can only be asked while the processes run. */
async function settle(
  house: ChaosHouse,
  { plans, history, signal, faults }: PlayOptions & { readonly faults: readonly FaultRecord[] },
): Promise<RunFacts> {
  const jobs = (): readonly JobFacts[] => gatherJobs(plans, history.entries);
  await collectFinals(house.clients, jobs(), history, signal);
  await within(EVENTS_WITHIN_MS, signal, async () =>
    jobs().every((job) => !awaitsEvent(job) || hasEvent(job)),
  );
  await using stack = new AsyncDisposableStack();
  const audit = await openAudit(house.platform.redisUrl, stack);
  let left = await audit();
  await within(CLEAN_WITHIN_MS, signal, async () => {
    left = await audit();
    return left.drift.length === 0 && Object.values(left.counts).every((count) => count === 0);
  });
  signal.throwIfAborted();
  const gathered: Omit<RunFacts, 'jobs'> = {
    faults,
    engine: readJournal(house.journalOf['engine-sim']),
    cloud: readJournal(house.journalOf['provider-sim']),
    cap: SLOTS,
    leftovers: { ...left, processes: [] },
    crashes: [],
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

const standingRules = (plans: readonly PlannedJob[]): readonly SimRule[] =>
  plans.flatMap(({ content, fails }) =>
    fails === undefined ? [] : [{ kind: 'error-500', match: content, ...(fails === 'once' && { times: 1 }) }],
  );
