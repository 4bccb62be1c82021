import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { findOnPath } from './find-on-path.ts';
import { found, type Finding } from './finding.ts';

const run = promisify(execFile);
const LIMIT_MS = 5000;
const FIELDS = 'name,memory.total,driver_version';

/** The NVIDIA GPUs of this machine, as nvidia-smi tells them. */
export async function checkGpu(path: string, signal: AbortSignal): Promise<Finding> {
  const tool = await findOnPath('nvidia-smi', path);
  if (tool === undefined) return none('no nvidia-smi on PATH: no GPU telemetry', null);
  try {
    const args = [`--query-gpu=${FIELDS}`, '--format=csv,noheader'];
    const { stdout } = await run(tool, args, { signal, timeout: LIMIT_MS, maxBuffer: 65_536 });
    const gpus = stdout.split('\n').filter((line) => line.trim() !== '');
    if (gpus.length > 0) return found('gpu', gpus.map((gpu) => gpu.trim()).join('; '));
    return none('nvidia-smi lists no GPU', null);
  } catch {
    return none(
      'nvidia-smi failed',
      'run nvidia-smi by hand: a driver and kernel that differ are the usual reason',
    );
  }
}

const none = (detail: string, fix: string | null): Finding => ({
  name: 'gpu',
  status: 'fallback',
  detail,
  fix,
});
