import { wait } from '@spillway/service-kit';
import { describeFault, type SimRule } from './faults/fault.ts';
import { injectFaults } from './faults/inject-faults.ts';
import { planFaults } from './faults/plan-faults.ts';
import type { RunFacts } from './history/facts.ts';
import type { History } from './history/history.ts';
import { startChaosHouse } from './house/chaos-house.ts';
import { openStore } from './house/open-store.ts';
import { driveBatches } from './load/drive-batches.ts';
import { driveLoad } from './load/drive-load.ts';
import type { PlannedBatch } from './load/planned-batch.ts';
import type { PlannedJob } from './load/planned-job.ts';
import { startWebhookReceiver } from './load/webhook-receiver.ts';
import type { Probe } from './recovery/recovery-seconds.ts';
import { sendProbes } from './recovery/send-probe.ts';
import { watchLeases } from './recovery/watch-leases.ts';
import type { ChaosRunOptions } from './run-chaos.ts';
import { untilAllEnded } from './settle/collect-finals.ts';
import { gatherFacts } from './settle/gather-facts.ts';

interface PlayOptions extends ChaosRunOptions {
  readonly plans: readonly PlannedJob[];
  readonly batchPlans: readonly PlannedBatch[];
  readonly history: History;
  readonly dataDir: string;
}

interface Played {
  /** All but what only the end of the processes shows. */
  readonly facts: RunFacts;
  readonly probes: readonly Probe[];
  readonly logsDir: string;
}

/** Plays a run from the start of its processes to their end. Rejects, with all of them ended, when the signal aborts. */
export async function playRun(options: PlayOptions): Promise<Played> {
  const { seed, size, env, say, signal, plans, batchPlans, history, dataDir } = options;
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
  const leases = watchLeases(await openStore(house.platform.redisUrl, stack), stack);
  tell(
    `seed ${seed}: ${plans.length} jobs, ${linesOf(batchPlans)} lines of ${batchPlans.length} batches over ${size.load.lengthMs / 1000} s, data in ${dataDir}`,
  );

  const settled = new AbortController();
  const enough = AbortSignal.any([signal, settled.signal]);
  const probing: Promise<readonly Probe[]>[] = [];
  const loading = Promise.all([
    driveLoad(plans, house, receiver, history, enough),
    driveBatches(batchPlans, house, receiver, history, enough),
  ]);
  // heard below, when the faults are over
  loading.catch(() => {});
  const faults = await injectFaults(planFaults(seed, size.faults), {
    house,
    history,
    // turns are short: hit at any time, a batch-worker would mostly wait for the next
    untilBusy: async (process) => {
      if (process.startsWith('batch-worker')) await leases.untilHeld(signal);
    },
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
  tell(allEnded ? 'every job and batch has ended' : 'NOT every job and batch has ended');
  clearTimeout(limit);
  settled.abort();
  signal.throwIfAborted();

  const facts = await gatherFacts(house, { ...options, faults, rescuedBatches: leases.rescued });
  tell('stopping');
  return { facts, probes, logsDir: house.platform.logsDir };
}

const linesOf = (plans: readonly PlannedBatch[]): number =>
  plans.reduce((sum, { lines }) => sum + lines.length, 0);

const standingRules = (plans: readonly PlannedJob[]): readonly SimRule[] =>
  plans.flatMap(({ content, fails }) =>
    fails === undefined ? [] : [{ kind: 'error-500', match: content, ...(fails === 'once' && { times: 1 }) }],
  );
