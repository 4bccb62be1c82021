import { access, constants, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import type { SchedulingPolicy } from '@spillway/core';
import {
  htmlReport,
  readTrace,
  requestsTaken,
  type PolicyReport,
  type SimulationReport,
  type Trace,
  type TraceFormat,
  type TraceShape,
} from '@spillway/simulation';
import type { OutputStream } from '../context.ts';
import { formatCount, formatDuration } from '../output/format.ts';
import { createLiveLine } from '../output/live-line.ts';
import { plainText } from '../output/plain-text.ts';
import type { Session } from '../session.ts';
import { UsageError } from '../usage-error.ts';
import { assumedOf } from './assumed-of.ts';
import { comparisonText } from './comparison-text.ts';
import type { SimulatedDeployment } from './deployment-of.ts';
import { describeBackend } from './describe-backend.ts';
import { orUsageError } from './or-usage-error.ts';
import { isMilestone, progressText } from './progress-text.ts';
import { readDeployment, type DeploymentOptions } from './read-deployment.ts';
import { runPolicies } from './run-policies.ts';
import type { PolicyRun } from './run-protocol.ts';

/** What `spillway simulate` was asked for; paths are absolute. */
export interface SimulateOptions
  extends DeploymentOptions, Pick<TraceShape, 'load' | 'mix' | 'pinned' | 'tenants' | 'requests'> {
  readonly trace: string;
  readonly format?: TraceFormat;
  readonly policies: readonly string[];
  readonly repeat?: number;
  readonly seed: number;
  readonly seeds: number;
  readonly parallel: number;
  readonly html: string | undefined;
}

/** Of what is no terminal. */
const USUAL_COLUMNS = 100;

/** Reads everything, runs every policy with every seed, and says what it came to. */
export async function runSimulate(options: SimulateOptions, session: Session): Promise<void> {
  const { context, output, signal } = session;
  const [simulated, scheduling] = readDeployment(options, context.env);
  if (options.html !== undefined) await checkFolder(options.html);
  const trace = orUsageError(await readTrace(options.trace, { format: options.format, signal }));
  const assumptions = [...simulated.assumptions, ...assumedOf(trace, options)];
  const requests = options.requests ?? trace.records.length * (options.repeat ?? 1);
  remarkOn(trace, requests, output);
  for (const assumption of assumptions) output.note(`assumed: ${plainText(assumption)}`);
  const policies = await simulate(options, { trace, requests, simulated, scheduling }, session);
  const lastMs = trace.records.at(-1)?.atMs ?? 0;
  const report: SimulationReport = {
    trace: {
      name: trace.name,
      requests,
      of: trace.records.length,
      seconds: (lastMs * requests) / trace.records.length / options.load / 1000,
    },
    backends: simulated.deployment.backends.map((backend) => ({
      id: backend.id,
      location: backend.location,
      summary: describeBackend(backend),
    })),
    assumptions,
    policies,
  };
  if (options.html !== undefined) await writeHtml(options.html, report);
  output.result(report, () => comparisonText(report, columnsOf(context.stdout), output.style));
}

function remarkOn(
  { name, format, records, leftOut }: Trace,
  requests: number,
  output: Session['output'],
): void {
  const left = leftOut === 0 ? '' : `; left out ${formatCount(leftOut)} that never had an answer`;
  output.note(`${plainText(name)} (${format}): ${requestsTaken({ requests, of: records.length })}${left}`);
}

const columnsOf = ({ isTTY, columns = 0 }: OutputStream): number =>
  isTTY === true && columns > 0 ? columns : USUAL_COLUMNS;

interface Prepared {
  readonly trace: Trace;
  readonly requests: number;
  readonly simulated: SimulatedDeployment;
  readonly scheduling: SchedulingPolicy;
}

async function simulate(
  options: SimulateOptions,
  { trace, requests, simulated: { deployment, model }, scheduling }: Prepared,
  { context, output, signal }: Session,
): Promise<readonly PolicyReport[]> {
  const { load, mix, pinned, tenants, seed, seeds, parallel } = options;
  const runs: readonly PolicyRun[] = options.policies.flatMap((policy) =>
    Array.from({ length: seeds }, (_, index) => ({ policy, seed: seed + index })),
  );
  const served = new Set(Object.keys(deployment.modelGroups ?? {}));
  const live = createLiveLine(context, output);
  const shares = new Map<PolicyRun, number>();
  const startedAtMs = context.nowMs();
  try {
    const reports = await runPolicies(runs, {
      setup: {
        records: trace.records,
        shape: { load, mix, pinned, tenants, requests, models: { served, otherwise: model } },
        deployment,
        scheduling,
      },
      parallel,
      signal,
      onProgress: (run, share) => {
        shares.set(run, share);
        const columns = live.columns();
        // elsewhere than on a terminal, a line now and then is enough
        if (columns !== undefined || (share === 1 && isMilestone(doneOf(shares), runs.length)))
          live.show(progressText(shares, runs, columns ?? USUAL_COLUMNS));
      },
    });
    live.end();
    output.note(
      `${formatCount(requests * runs.length)} jobs in ${formatDuration(context.nowMs() - startedAtMs)}`,
    );
    return reports;
  } catch (error) {
    live.end();
    throw error;
  }
}

const doneOf = (shares: ReadonlyMap<PolicyRun, number>): number =>
  shares.values().reduce((done, share) => (share === 1 ? done + 1 : done), 0);

const cannotWrite = (path: string): UsageError =>
  new UsageError(`${path} cannot be written: name another file with --html`);

/** Before the simulation, not after it. */
async function checkFolder(path: string): Promise<void> {
  try {
    await access(dirname(path), constants.W_OK);
  } catch {
    throw cannotWrite(path);
  }
}

async function writeHtml(path: string, report: SimulationReport): Promise<void> {
  const page = await htmlReport(report);
  try {
    await writeFile(path, page);
  } catch {
    throw cannotWrite(path);
  }
}
