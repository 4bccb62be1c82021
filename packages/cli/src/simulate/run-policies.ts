import { fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import type { PolicyReport } from '@spillway/simulation';
import { UsageError } from '../usage-error.ts';
import type { Answer, Order, PolicyRun, RunSetup } from './run-protocol.ts';

export interface RunPoliciesOptions {
  readonly setup: RunSetup;
  /** Runs at once; each has a process and a copy of the trace. */
  readonly parallel: number;
  readonly signal: AbortSignal;
  /** How much of the trace has arrived in a run, 0 to 1; 1 when it is over. */
  readonly onProgress: (run: PolicyRun, share: number) => void;
}

/**
 * Runs simulations in processes, as many at once as asked, and resolves with their reports in the order of the runs.
 * Not in threads: V8 dies now and then when several of them compile (nodejs/node#64500).
 */
export async function runPolicies(
  runs: readonly PolicyRun[],
  { setup, parallel, signal, onProgress }: RunPoliciesOptions,
): Promise<readonly PolicyReport[]> {
  const stop = new AbortController();
  const either = AbortSignal.any([signal, stop.signal]);
  const reports = new Map<PolicyRun, PolicyReport>();
  const left = runs.values();
  const lane = async (): Promise<void> => {
    either.throwIfAborted();
    const child = fork(new URL('./run-policies-main.ts', import.meta.url), {
      serialization: 'advanced',
      stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
      execArgv: [],
      // a group of its own: Ctrl-C is for us to hear, and we end it
      detached: true,
    });
    try {
      order(child, { kind: 'setup', setup });
      for (const run of left) {
        reports.set(run, await runIn(child, run, either, onProgress));
        onProgress(run, 1);
      }
    } catch (error) {
      // the first failure ends the others, too
      stop.abort(error);
      throw error;
    } finally {
      await end(child);
    }
  };
  const lanes = await Promise.allSettled(Array.from({ length: Math.min(parallel, runs.length) }, lane));
  const failed = lanes.find(({ status }) => status === 'rejected');
  if (failed?.status === 'rejected') throw stop.signal.reason ?? failed.reason;
  return runs.flatMap((run) => reports.get(run) ?? []);
}

/** One run; rejects when the process ends or the signal fires. */
async function runIn(
  child: ChildProcess,
  run: PolicyRun,
  signal: AbortSignal,
  onProgress: RunPoliciesOptions['onProgress'],
): Promise<PolicyReport> {
  signal.throwIfAborted();
  const { promise, resolve, reject } = Promise.withResolvers<PolicyReport>();
  const onMessage = (answer: Answer): void => {
    if (answer.kind === 'report') resolve(answer.report);
    else onProgress(run, answer.share);
  };
  const onExit = (code: number | null, endedBy: NodeJS.Signals | null): void => {
    reject(
      endedBy === null ? new Error(`the simulation of ${run.policy} ended with ${code}`) : tooLarge(run),
    );
  };
  const onAbort = (): void => {
    reject(signal.reason as Error);
  };
  child.on('message', onMessage).on('exit', onExit).on('error', reject);
  signal.addEventListener('abort', onAbort, { once: true });
  try {
    order(child, { kind: 'run', run });
    return await promise;
  } finally {
    child.off('message', onMessage).off('exit', onExit).off('error', reject);
    signal.removeEventListener('abort', onAbort);
  }
}

function order(child: ChildProcess, message: Order): void {
  // one that has ended says so by its exit
  child.send(message, () => undefined);
}

/** It holds nothing that would be lost. */
async function end(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const ended = once(child, 'exit');
  child.kill('SIGKILL');
  await ended;
}

/** What the system does when memory runs out looks like this. */
const tooLarge = ({ policy }: PolicyRun): UsageError =>
  new UsageError(
    `the simulation of ${policy} was stopped by the system, most likely for want of memory: take --parallel 1, or ` +
      'fewer --requests',
  );
