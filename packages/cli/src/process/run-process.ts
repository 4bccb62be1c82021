import { realpath, stat } from 'node:fs/promises';
import { basename, dirname } from 'node:path';
import type { SpillwayClient } from '@spillway/client';
import type { CliContext } from '../context.ts';
import type { Output } from '../output/output.ts';
import { UsageError } from '../usage-error.ts';
import { readUnanswered } from './batch-key.ts';
import { createLane } from './lane.ts';
import { openOutFile, type OutFile } from './out-file.ts';
import { planBatches } from './plan-batches.ts';
import { batchInput, optionsDigest, type ProcessOptions } from './process-options.ts';
import { createProgress } from './progress.ts';
import {
  createStateFile,
  readState,
  type InFlightBatch,
  type RunState,
  type StateFile,
} from './state-file.ts';
import { summarise, type Summary } from './summarise.ts';
import { takeLock } from './lock-file.ts';
import { walkFolder } from './walk-folder.ts';

export interface RunReport {
  readonly summary: Summary;
  /** Documents that got their outcome in this run. */
  readonly sent: number;
  readonly seconds: number;
  readonly out: string;
}

export interface ProcessDeps {
  readonly context: CliContext;
  readonly output: Output;
  readonly connect: () => SpillwayClient;
}

/**
 * Sends every document of a folder that has no outcome yet and appends the results as they come. Whatever stops it,
 * the next run with the same options goes on where it stopped.
 */
export async function runProcess(
  options: ProcessOptions,
  { context, output, connect }: ProcessDeps,
): Promise<RunReport> {
  const startedAtMs = context.nowMs();
  const input = batchInput(options);
  const client = connect();
  const folder = await realpath(options.folder).catch(() => options.folder);
  const files = await filesOf(options.out);
  const paths = await walkFolder(folder, new Set(Object.values(files)));
  if (paths.length === 0) throw new UsageError(`${options.folder} holds no file to process`);

  await using stack = new AsyncDisposableStack();
  stack.use(await takeLock(files.lock, process.pid));
  const before = await readState(files.state);
  if (before === undefined) await refuseForeign(files.out);
  const out = stack.use(await openOutFile(files.out));
  const state = createStateFile(files.state, initialState(before, out, options));
  if (out.repaired)
    output.note('The last run was cut off inside a line of the results: that line was removed.');

  const progress = stack.use(createProgress(context, output, paths.length));
  const failed = new AbortController();
  const signal = AbortSignal.any([context.signal, failed.signal]);
  const resumed = await keepResumable(state, (batch) => readUnanswered(batch, input, folder));
  const steps = planBatches({
    folder,
    paths,
    outcomes: out.outcomes,
    taken: new Set(resumed.flatMap(({ documents }) => documents.map(({ path }) => path))),
    batchSize: options.batchSize,
    retryFailed: options.retryFailed,
  });
  const lane = createLane({
    client,
    input,
    folder,
    steps,
    resumed,
    out,
    state,
    progress,
    signal,
    nowMs: context.nowMs,
  });
  await Promise.all(
    Array.from({ length: options.inFlight }, () =>
      // the first failure ends the run; every lane is seen to its end before the files are closed
      lane().catch((error: unknown) => {
        failed.abort(error);
      }),
    ),
  );
  signal.throwIfAborted();
  await out.compact();
  return {
    summary: summarise(paths, out.outcomes),
    sent: progress.added(),
    seconds: (context.nowMs() - startedAtMs) / 1000,
    out: options.out,
  };
}

/** A batch that was never answered and cannot be asked for again is forgotten: its documents are sent anew. */
async function keepResumable(
  state: StateFile,
  readAgain: (batch: InFlightBatch) => Promise<unknown>,
): Promise<readonly InFlightBatch[]> {
  const batches: InFlightBatch[] = [];
  for (const batch of state.current().batches) {
    if (batch.id !== null || (await readAgain(batch)) !== undefined) batches.push(batch);
  }
  await state.update((current) => ({ ...current, batches }));
  return batches;
}

interface Files extends Readonly<Record<string, string>> {
  readonly out: string;
  readonly state: string;
  readonly lock: string;
}

async function filesOf(out: string): Promise<Files> {
  const folder = await realpath(dirname(out)).catch((cause: unknown) => {
    throw new UsageError(`${dirname(out)}, where the results should go, is not a folder`, { cause });
  });
  const real = out.replace(dirname(out), folder);
  const files = { out: real, state: `${real}.state.json`, lock: `${real}.lock` };
  return { ...files, outTmp: `${files.out}.tmp`, stateTmp: `${files.state}.tmp` };
}

/** Without its state a file is not ours to go on with, or its question is unknown. */
async function refuseForeign(path: string): Promise<void> {
  const size = await stat(path).then(
    (found) => found.size,
    () => 0,
  );
  if (size === 0) return;
  throw new UsageError(
    `${path} is left alone: it has content, but no ${basename(path)}.state.json that says what it answers. Give another --out.`,
  );
}

/** The state to go on from; refuses to mix answers to different questions in one file. */
function initialState(before: RunState | undefined, out: OutFile, options: ProcessOptions): RunState {
  const optionsSha256 = optionsDigest(options);
  const isUsed = out.outcomes.size > 0 || (before?.batches.length ?? 0) > 0;
  if (before === undefined) return { optionsSha256, round: 1, batches: [] };
  if (before.optionsSha256 !== optionsSha256 && isUsed) {
    throw new UsageError(
      `${options.out} holds answers to another instruction, model, length or privacy: give another --out`,
    );
  }
  // a retried document asked for under its old key would get its old answer
  const round = options.retryFailed ? before.round + 1 : before.round;
  return { optionsSha256, round, batches: before.optionsSha256 === optionsSha256 ? before.batches : [] };
}
