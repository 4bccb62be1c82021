import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ALL_CHECKS } from './checks/all-checks.ts';
import type { Violation } from './checks/violation.ts';
import type { RunFacts } from './history/facts.ts';
import { createHistory, type History } from './history/history.ts';
import { planBatches } from './load/plan-batches.ts';
import { planLoad } from './load/plan-load.ts';
import { playRun } from './play-run.ts';
import { recoveriesOf, type Recovery } from './recovery/recovery-seconds.ts';
import { workerRecoveries } from './recovery/worker-recoveries.ts';
import type { RunSize } from './run-options.ts';
import { findCrashes, findUnverified, startedProcesses, stillRunning } from './settle/platform-log.ts';

export interface ChaosRunOptions {
  readonly seed: number;
  readonly size: RunSize;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Whether the data of a good run is kept, too. */
  readonly keep?: boolean;
  readonly say: (line: string) => void;
  readonly signal: AbortSignal;
}

export interface ChaosRun {
  readonly seed: number;
  readonly facts: RunFacts;
  readonly history: History;
  readonly violations: readonly Violation[];
  readonly recoveries: readonly Recovery[];
  /** Removed after a good run, unless it is to be kept. */
  readonly dataDir: string;
}

/**
 * One run: starts every process, drives the load through the faults, waits until all has ended, stops everything and
 * judges what happened. Rejects, with everything stopped, when the platform does not start or the signal aborts.
 */
export async function runChaos(options: ChaosRunOptions): Promise<ChaosRun> {
  const { seed, size, keep = false, say } = options;
  const plans = planLoad(seed, size.load);
  const batchPlans = planBatches(seed, size.batches);
  const history = createHistory(Date.now);
  const dataDir = await mkdtemp(join(tmpdir(), `spillway-chaos-${seed}-`));
  try {
    const played = await playRun({ ...options, plans, batchPlans, history, dataDir });
    const { logsDir, probes } = played;
    const facts: RunFacts = {
      ...played.facts,
      leftovers: { ...played.facts.leftovers, processes: stillRunning(startedProcesses(logsDir)) },
      crashes: findCrashes(logsDir, played.facts.faults),
      unverified: findUnverified(logsDir),
    };
    const violations = ALL_CHECKS.flatMap((check) => check(facts));
    const records = facts.jobs.flatMap(({ finals }) => finals);
    const recoveries = [...recoveriesOf(probes, facts.faults), ...workerRecoveries(records, facts.faults)];
    for (const { fault, how, seconds } of recoveries.filter((one) => one.seconds > SLOW_SECONDS)) {
      say(`  slow: ${how} took ${seconds.toFixed(1)} s after fault ${fault}`);
    }
    say(verdict(violations, recoveries));
    if (violations.length === 0 && !keep) await rm(dataDir, { recursive: true, force: true });
    else await writeFile(join(dataDir, 'history.json'), JSON.stringify({ seed, facts, history, recoveries }));
    return { seed, facts, history, violations, recoveries, dataDir };
  } catch (error) {
    say(`  seed ${seed} was not played to its end; data and logs are kept in ${dataDir}`);
    throw error;
  }
}

/** Recovery is to take less than 15 s; what comes near is told. */
const SLOW_SECONDS = 10;

function verdict(violations: readonly Violation[], recoveries: readonly Recovery[]): string {
  const slowest = recoveries.toSorted((a, b) => b.seconds - a.seconds)[0];
  const recovered =
    slowest === undefined
      ? 'no recovery was measured'
      : `the slowest of ${recoveries.length} recoveries took ${slowest.seconds.toFixed(1)} s (${slowest.how}, fault ${slowest.fault})`;
  return `  ${violations.length === 0 ? 'good' : `${violations.length} violations`}; ${recovered}`;
}
