import { realpath } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { UsageError } from '../usage-error.ts';

/** The files of a run, absolute. */
export interface OutPaths {
  /** What was asked for: the lines themselves, or a table made of them. */
  readonly out: string;
  /** One JSON line per document: what a run goes on from. */
  readonly lines: string;
  readonly state: string;
  readonly lock: string;
  readonly isTable: boolean;
  /** All of them with what they are written aside as: never documents. */
  readonly all: ReadonlySet<string>;
}

/** The files that belong to an output file; refuses one in a folder that is not there. */
export async function outPaths(out: string): Promise<OutPaths> {
  const folder = await realpath(dirname(out)).catch((cause: unknown) => {
    throw new UsageError(`${dirname(out)}, where the results should go, is not a folder`, { cause });
  });
  const real = join(folder, basename(out));
  const isTable = /\.csv$/i.test(real);
  const lines = isTable ? `${real}.jsonl` : real;
  const files = { out: real, lines, state: `${lines}.state.json`, lock: `${lines}.lock` };
  const written = [files.out, files.lines, files.state];
  const all = new Set([...Object.values(files), ...written.map((path) => `${path}.tmp`)]);
  return { ...files, isTable, all };
}
