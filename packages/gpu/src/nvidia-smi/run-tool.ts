import { execFile, type ExecFileException } from 'node:child_process';
import { err, ok, type Result } from '@spillway/core';
import type { NvidiaSmiProblem } from './gpu-reading.ts';

const MAX_OUTPUT_BYTES = 1024 * 1024;

export interface ToolRun {
  /** Bounded by the timeout, whatever the process does. */
  readonly output: Promise<Result<string, NvidiaSmiProblem>>;
  /** Whether the process is really gone, which may be long after it was given up. */
  readonly hasEnded: () => boolean;
}

/**
 * Runs a tool and gives up after `timeoutMs` even when it cannot be killed: a process stuck in the driver ignores
 * SIGKILL.
 */
export function runTool(
  binary: string,
  args: readonly string[],
  timeoutMs: number,
  signal: AbortSignal,
): ToolRun {
  const output = Promise.withResolvers<Result<string, NvidiaSmiProblem>>();
  let ended = false;
  const child = execFile(
    binary,
    [...args],
    { encoding: 'utf8', maxBuffer: MAX_OUTPUT_BYTES, windowsHide: true },
    (error, stdout, stderr) => {
      clearTimeout(timer);
      signal.removeEventListener('abort', onAbort);
      ended = true;
      output.resolve(error === null ? ok(stdout) : err(toProblem(error, stdout, stderr)));
    },
  );
  const giveUp = (problem: NvidiaSmiProblem): void => {
    child.kill('SIGKILL');
    child.unref();
    output.resolve(err(problem));
  };
  const timer = setTimeout(() => {
    giveUp({ kind: 'timeout', detail: `no answer within ${timeoutMs} ms` });
  }, timeoutMs);
  const onAbort = (): void => {
    clearTimeout(timer);
    giveUp({ kind: 'failed', detail: 'aborted' });
  };
  if (signal.aborted) onAbort();
  else signal.addEventListener('abort', onAbort, { once: true });
  return { output: output.promise, hasEnded: () => ended };
}

/** nvidia-smi explains itself on stdout ("couldn't communicate with the NVIDIA driver") and exits with 9 or so. */
function toProblem(error: ExecFileException, stdout: string, stderr: string): NvidiaSmiProblem {
  if (error.code === 'ENOENT' || error.code === 'EACCES')
    return { kind: 'not-found', detail: `cannot run it (${error.code})` };
  const said = `${stdout}\n${stderr}`.split('\n').find((line) => line.trim() !== '');
  return { kind: 'failed', detail: (said ?? `exit code ${String(error.code)}`).trim().slice(0, 300) };
}
