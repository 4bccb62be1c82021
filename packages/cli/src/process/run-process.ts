import { stat } from 'node:fs/promises';
import { basename } from 'node:path';
import type { SpillwayClient } from '@spillway/client';
import type { CliContext } from '../context.ts';
import { formatCount } from '../output/format.ts';
import type { Output } from '../output/output.ts';
import { plainText } from '../output/plain-text.ts';
import { UsageError } from '../usage-error.ts';
import { readUnanswered } from './batch-key.ts';
import { findDocuments } from './find-documents.ts';
import { createLane } from './lane.ts';
import { takeLock } from './lock-file.ts';
import { openOutFile, type OutFile } from './out-file.ts';
import { outPaths, type OutPaths } from './out-paths.ts';
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
import { writeCsv } from './write-csv.ts';

export interface RunReport {
  readonly summary: Summary;
  /** Documents that got their outcome in this run. */
  readonly sent: number;
  readonly seconds: number;
  /** Of this run; `undefined` when it had nothing to do. */
  readonly documentsPerMinute: number | undefined;
  /** Files of the folders that the platform does not read. */
  readonly skipped: readonly string[];
  readonly out: string;
}

export interface ProcessDeps {
  readonly context: CliContext;
  readonly output: Output;
  /** With the limit on one try of a call, in ms, when it is another than usual. */
  readonly connect: (timeoutMs?: number) => SpillwayClient;
}

/** A batch over a line of 1 Mbit/s, and some. */
const UPLOAD_MS = 300_000;

/**
 * Sends every document that has no outcome yet and appends the results as they come. Whatever stops it, the next run
 * with the same options goes on where it stopped.
 */
export async function runProcess(
  options: ProcessOptions,
  { context, output, connect }: ProcessDeps,
): Promise<RunReport> {
  const startedAtMs = context.nowMs();
  const input = batchInput(options);
  const client = connect();
  const files = await outPaths(options.out);
  const { root, paths, skipped } = await findDocuments(options.inputs, context.cwd, files.all);
  if (paths.length === 0) throw new UsageError(nothingToDo(options.inputs, skipped));

  await using stack = new AsyncDisposableStack();
  stack.use(await takeLock(files.lock, process.pid));
  const before = await readState(files.state);
  if (before === undefined) await refuseForeign(files);
  const out = stack.use(await openOutFile(files.lines));
  const state = createStateFile(files.state, initialState(before, out, options));
  if (out.repaired)
    output.note('The last run was cut off inside a line of the results: that line was removed.');
  if (skipped.length > 0) output.note(skippedText(skipped));

  const progress = stack.use(createProgress(context, output, paths.length));
  const failed = new AbortController();
  const signal = AbortSignal.any([context.signal, failed.signal]);
  const resumed = await keepResumable(state, (batch) => readUnanswered(batch, input, root));
  const steps = planBatches({
    root,
    paths,
    outcomes: out.outcomes,
    taken: new Set(resumed.flatMap(({ documents }) => documents.map(({ path }) => path))),
    batchSize: options.batchSize,
    retryFailed: options.retryFailed,
  });
  const lane = createLane({
    client,
    uploader: connect(UPLOAD_MS),
    input,
    root,
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
  if (files.isTable) await writeCsv(files.lines, files.out, options.schema);
  const sent = progress.added();
  const seconds = (context.nowMs() - startedAtMs) / 1000;
  return {
    summary: summarise(paths, out.outcomes),
    sent,
    seconds,
    documentsPerMinute: sent === 0 ? undefined : (sent * 60) / Math.max(seconds, 0.001),
    skipped,
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

/** Without its state a file is not ours to go on with, or its question is unknown. */
async function refuseForeign({ lines, out, state }: OutPaths): Promise<void> {
  for (const path of new Set([lines, out])) {
    const size = await stat(path).then(
      (found) => found.size,
      () => 0,
    );
    if (size === 0) continue;
    throw new UsageError(
      `${path} is left alone: it has content, but no ${basename(state)} that says what it answers. Give another --out.`,
    );
  }
}

/** The state to go on from; refuses to mix answers to different questions in one file. */
function initialState(before: RunState | undefined, out: OutFile, options: ProcessOptions): RunState {
  const optionsSha256 = optionsDigest(options);
  const isUsed = out.outcomes.size > 0 || (before?.batches.length ?? 0) > 0;
  if (before === undefined) return { optionsSha256, round: 1, batches: [] };
  if (before.optionsSha256 !== optionsSha256 && isUsed) {
    throw new UsageError(
      `${options.out} holds answers to another prompt, schema, model, length or privacy: give another --out`,
    );
  }
  // a retried document asked for under its old key would get its old answer
  const round = options.retryFailed ? before.round + 1 : before.round;
  return { optionsSha256, round, batches: before.optionsSha256 === optionsSha256 ? before.batches : [] };
}

const MAX_SKIPPED_NAMES = 10;

function skippedText(skipped: readonly string[]): string {
  const names = skipped.slice(0, MAX_SKIPPED_NAMES).map(plainText).join(', ');
  const more = skipped.length - MAX_SKIPPED_NAMES;
  const rest = more > 0 ? ` and ${formatCount(more)} more` : '';
  return `Skipped, since the platform does not read such files: ${names}${rest}`;
}

const nothingToDo = (inputs: readonly string[], skipped: readonly string[]): string =>
  `${inputs.join(', ')} holds no file to process${skipped.length > 0 ? ` (${skipped.length} of formats that are not read)` : ''}`;
