import type { JobBody } from '@spillway/contracts';
import type { FaultRecord } from '../faults/fault.ts';
import { CLOUD_BACKEND, LOCAL_BACKEND } from '../house/names.ts';
import { lastEnd, type Recovery } from './recovery-seconds.ts';

/**
 * From `kill -9` of a worker until the last of its attempts was ended as `worker_lost`, which is when its job was back
 * in its lane. An attempt belongs to the last worker of its backend that was killed while it ran.
 */
export const workerRecoveries = (
  records: readonly JobBody[],
  faults: readonly FaultRecord[],
): readonly Recovery[] => {
  const lost = records
    .flatMap(({ attempts }) => attempts)
    .filter(({ outcome }) => outcome === 'worker_lost')
    .map(({ backend, started_at: startedAt, finished_at: finishedAt }) => {
      const [startedAtMs, finishedAtMs] = [Date.parse(startedAt), Date.parse(finishedAt ?? '')];
      const fault = faults.findLast(
        (one) => backendOf(one) === backend && one.beganAtMs >= startedAtMs && one.beganAtMs <= finishedAtMs,
      );
      return { fault, finishedAtMs };
    });
  return faults
    .filter(({ trouble, pid }) => trouble.kind === 'kill' && pid > 0)
    .flatMap((fault) => {
      const ends = lost.filter((one) => one.fault === fault).map(({ finishedAtMs }) => finishedAtMs);
      if (ends.length === 0) return [];
      const doneAtMs = Math.max(...ends);
      const seconds = (doneAtMs - lastEnd(fault, doneAtMs, faults)) / 1000;
      return [{ fault: fault.number, how: 'worker-lost', seconds } as const];
    });
};

const backendOf = ({ process, trouble }: FaultRecord): string | undefined => {
  if (trouble.kind !== 'kill' && trouble.kind !== 'stop') return undefined;
  if (process.startsWith('gpu-worker')) return LOCAL_BACKEND;
  return process.startsWith('cloud-worker') ? CLOUD_BACKEND : undefined;
};
