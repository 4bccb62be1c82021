import { open } from 'node:fs/promises';
import { compactLines } from './compact-lines.ts';
import { readTail, repairTail } from './repair-tail.ts';
import { parseResultLine, readResultLines, type OutLine } from './result-lines.ts';

/** What is kept in memory of a line: enough to resume and to sum up. */
export interface Outcome {
  readonly sha256: string;
  readonly status: OutLine['status'];
  readonly pages: number;
  readonly chunks: number;
  readonly errorCode: string | undefined;
  readonly servedBy: 'local' | 'cloud' | undefined;
  readonly backend: string | undefined;
  readonly simulated: boolean;
  readonly inputTokens: number;
  readonly outputTokens: number;
  readonly costUsd: number;
}

export interface OutFile extends AsyncDisposable {
  /** By document; the last line of a document counts. */
  readonly outcomes: ReadonlyMap<string, Outcome>;
  /** Whether the last run was cut off inside a line. */
  readonly repaired: boolean;
  /** Whole lines, on disk when it resolves. */
  append(results: readonly OutLine[]): Promise<void>;
  /** Leaves one line per document: the one that counts. Does nothing when that is so already. */
  compact(): Promise<void>;
}

/** Opens the file of results, repairing a torn last line. Refuses a file that holds anything else. */
export async function openOutFile(path: string): Promise<OutFile> {
  const outcomes = new Map<string, Outcome>();
  let superseded = 0;
  const remember = (result: OutLine): void => {
    if (outcomes.has(result.document)) superseded += 1;
    outcomes.set(result.document, outcomeOf(result));
  };
  const tail = await readTail(path);
  // a file that turns out not to be ours must be left as it was: nothing is written before all lines are read
  for await (const { result } of readResultLines(path, tail.wholeBytes)) remember(result);
  const last = parseResultLine(tail.text);
  if (last !== undefined) remember(last);
  await repairTail(path, tail, last !== undefined);
  let file = await open(path, 'a');
  let writing = Promise.resolve();
  const append = async (results: readonly OutLine[]): Promise<void> => {
    if (results.length === 0) return;
    await file.appendFile(results.map((result) => `${JSON.stringify(result)}\n`).join(''));
    await file.datasync();
    for (const result of results) remember(result);
  };
  return {
    outcomes,
    repaired: tail.text !== '' && last === undefined,
    append: (results) => {
      writing = writing.then(() => append(results));
      return writing;
    },
    compact: async () => {
      await writing;
      if (superseded === 0) return;
      await file.close();
      await compactLines(path);
      file = await open(path, 'a');
      superseded = 0;
    },
    [Symbol.asyncDispose]: async () => {
      // whoever appended has seen the failure
      await writing.catch(() => undefined);
      await file.close();
    },
  };
}

const outcomeOf = (result: OutLine): Outcome => ({
  sha256: result.sha256,
  status: result.status,
  pages: result.pages ?? 0,
  chunks: result.chunks,
  errorCode: result.error?.code,
  servedBy: result.served_by?.location,
  backend: result.served_by?.backend,
  simulated: result.served_by?.simulated ?? false,
  inputTokens: result.usage?.input_tokens ?? 0,
  outputTokens: result.usage?.output_tokens ?? 0,
  costUsd: result.usage?.cost_usd ?? 0,
});
