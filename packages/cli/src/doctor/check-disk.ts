import { statfs } from 'node:fs/promises';
import { formatBytes } from '../output/format.ts';
import { found, type Finding } from './finding.ts';

const NEEDED_BYTES = 500_000_000;
const COMFORTABLE_BYTES = 5_000_000_000;

/** Free space where the platform would keep its data. */
export async function checkDisk(folder: string): Promise<Finding> {
  const { bavail, bsize } = await statfs(folder);
  return diskFinding(bavail * bsize);
}

export function diskFinding(freeBytes: number): Finding {
  const detail = `${formatBytes(freeBytes)} free`;
  if (freeBytes >= COMFORTABLE_BYTES) return found('disk', detail);
  const fix = 'make room: Redis writes every accepted job to disk';
  return { name: 'disk', status: freeBytes < NEEDED_BYTES ? 'missing' : 'info', detail, fix };
}
