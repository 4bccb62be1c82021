import { wait } from '@spillway/service-kit';
import type { ChaosHouse } from '../house/chaos-house.ts';
import type { History } from '../history/history.ts';
import type { FaultRecord, PlannedFault, ProcessName, SimRule, Simulator } from './fault.ts';
import { createSimRules, type SimRules } from './sim-rules.ts';

export interface InjectDeps {
  readonly house: ChaosHouse;
  readonly history: History;
  /** Waits for the right moment to kill or stop this process; bounded, so that the fault is hardly late. */
  readonly untilBusy: (process: ProcessName) => Promise<void>;
  /** In force over the whole run, beside the faults. */
  readonly standingRules: readonly SimRule[];
  readonly signal: AbortSignal;
  /** Called as each fault begins, and again as it ends. */
  readonly onChange: (fault: FaultRecord, phase: 'began' | 'ended') => void;
}

/** A process that was just killed by an earlier fault is waited for this long. */
const ALIVE_WITHIN_MS = 4_000;
const LOOK_MS = 50;

/**
 * Plays the faults at their times and resolves when the last has ended; an abort ends those in force at once, so that
 * no process stays stopped and no simulator misled. Rejects when a simulator refuses its orders.
 */
export async function injectFaults(
  plan: readonly PlannedFault[],
  deps: InjectDeps,
): Promise<readonly FaultRecord[]> {
  const { house, signal, standingRules } = deps;
  const rules: Readonly<Record<Simulator, SimRules>> = {
    'engine-sim': createSimRules(house.urlOf['engine-sim'], standingRules),
    'provider-sim': createSimRules(house.urlOf['provider-sim'], standingRules),
  };
  await Promise.all([rules['engine-sim'].restore(), rules['provider-sim'].restore()]);
  const beganAtMs = performance.now();
  return Promise.all(
    plan.map(async (fault) => {
      const inMs = Math.max(0, fault.beginsAtMs - (performance.now() - beganAtMs));
      const missed = { ...fault, pid: 0, beganAtMs: Date.now(), endedAtMs: Date.now() };
      if ((await wait(inMs, signal)) === 'aborted') return missed;
      if (fault.trouble.kind === 'kill' || fault.trouble.kind === 'stop') await deps.untilBusy(fault.process);
      const pid = await alivePid(fault, deps);
      return pid === 0 ? missed : inject(fault, pid, rules, deps);
    }),
  );
}

async function alivePid({ process }: PlannedFault, { house, signal }: InjectDeps): Promise<number> {
  const deadlineMs = performance.now() + ALIVE_WITHIN_MS;
  while (house.pidOf(process) === 0 && performance.now() < deadlineMs && !signal.aborted) {
    await wait(LOOK_MS, signal);
  }
  return house.pidOf(process);
}

async function inject(
  fault: PlannedFault,
  pid: number,
  rules: Readonly<Record<Simulator, SimRules>>,
  { house, history, signal, onChange }: InjectDeps,
): Promise<FaultRecord> {
  const tell = (record: FaultRecord, phase: 'began' | 'ended'): FaultRecord => {
    history.note({ what: 'fault', fault: record, phase });
    onChange(record, phase);
    return record;
  };
  const { process, trouble, lastsMs } = fault;
  const begin = tell({ ...fault, pid, beganAtMs: Date.now(), endedAtMs: Infinity }, 'began');
  const simulator = isSimulator(process) ? rules[process] : undefined;
  switch (trouble.kind) {
    case 'kill':
    case 'terminate':
      house.platform.kill(process, trouble.kind === 'kill' ? 'SIGKILL' : 'SIGTERM');
      if (simulator === undefined) break;
      while (house.pidOf(process) === pid && !signal.aborted) await wait(LOOK_MS, signal);
      await simulator.restore();
      return tell({ ...begin, endedAtMs: Date.now() }, 'ended');
    case 'stop':
      house.platform.kill(process, 'SIGSTOP');
      await wait(lastsMs, signal);
      house.platform.kill(process, 'SIGCONT');
      return tell({ ...begin, endedAtMs: Date.now() }, 'ended');
    case 'clock-step':
      house.stepClock(pid, trouble.byMs);
      await wait(lastsMs, signal);
      house.stepClock(pid, 0);
      return tell({ ...begin, endedAtMs: Date.now() }, 'ended');
    case 'misbehave':
      await simulator?.order(trouble.rule);
      await wait(lastsMs, signal);
      await simulator?.order(undefined);
      return tell({ ...begin, endedAtMs: Date.now() }, 'ended');
  }
  return tell({ ...begin, endedAtMs: begin.beganAtMs }, 'ended');
}

const isSimulator = (process: string): process is Simulator =>
  process === 'engine-sim' || process === 'provider-sim';
