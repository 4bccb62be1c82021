import { err, type Result } from '@spillway/core';
import type { GpuReading, NvidiaSmiProblem } from './gpu-reading.ts';
import { parseNvidiaSmi } from './parse-nvidia-smi.ts';
import { queryFields } from './query-fields.ts';
import { runTool, type ToolRun } from './run-tool.ts';

/** Reads all GPUs of this machine. Read-only: no limit is ever set through it. */
export interface NvidiaSmiReader {
  read(signal: AbortSignal): Promise<Result<readonly GpuReading[], NvidiaSmiProblem>>;
}

/** One run takes 20 to 200 ms, more with persistence mode off; a dying card makes it hang for good. */
const TIMEOUT_MS = 2_000;

/** Asks the driver once which fields it knows, then runs `nvidia-smi` per reading, never two at a time. */
export function createNvidiaSmiReader({
  binary = 'nvidia-smi',
  timeoutMs = TIMEOUT_MS,
}: { readonly binary?: string; readonly timeoutMs?: number } = {}): NvidiaSmiReader {
  let fields: readonly string[] | undefined;
  let last: ToolRun | undefined;

  const run = async (
    args: readonly string[],
    signal: AbortSignal,
  ): Promise<Result<string, NvidiaSmiProblem>> => {
    if (last?.hasEnded() === false)
      return err({ kind: 'timeout', detail: 'an earlier nvidia-smi has not ended yet' });
    last = runTool(binary, args, timeoutMs, signal);
    return last.output;
  };

  return {
    read: async (signal) => {
      if (fields === undefined) {
        const help = await run(['--help-query-gpu'], signal);
        if (!help.ok) return help;
        fields = queryFields(help.value);
      }
      const output = await run([`--query-gpu=${fields.join(',')}`, '--format=csv,noheader,nounits'], signal);
      return output.ok ? parseNvidiaSmi(output.value) : output;
    },
  };
}
