import { Readable, Writable } from 'node:stream';
import type { CliContext } from '../context.ts';
import { runCli } from '../run-cli.ts';

export interface TestRun {
  readonly exitCode: number;
  readonly stdout: string;
  readonly stderr: string;
}

export interface TestRunOptions {
  readonly env?: Readonly<Record<string, string>>;
  readonly cwd?: string;
  readonly stdin?: string;
  readonly terminal?: boolean;
  readonly uid?: number;
  readonly signal?: AbortSignal;
  /** Takes stdout instead of the run's text. */
  readonly stdout?: Writable;
  readonly onStderr?: (text: string) => void;
}

/** One command line run in this process, with what it printed. */
export async function runInTest(args: readonly string[], options: TestRunOptions = {}): Promise<TestRun> {
  const { env = {}, cwd = '/nonexistent', stdin = '', terminal = false } = options;
  let stdout = '';
  let stderr = '';
  const printed = new Writable({
    decodeStrings: false,
    write: (text: string, _encoding, done) => {
      stdout += text;
      done();
    },
  });
  const context: CliContext = {
    env,
    cwd,
    uid: options.uid,
    checkout: undefined,
    stdin: Object.assign(Readable.from(stdin === '' ? [] : [stdin]), { isTTY: terminal }),
    stdout: Object.assign(options.stdout ?? printed, { isTTY: terminal, columns: 80 }),
    stderr: {
      isTTY: terminal,
      columns: 80,
      write: (text) => {
        stderr += text;
        options.onStderr?.(text);
      },
    },
    signal: options.signal ?? new AbortController().signal,
    nowMs: Date.now,
  };
  const exitCode = await runCli(args, context);
  return { exitCode, stdout, stderr };
}
