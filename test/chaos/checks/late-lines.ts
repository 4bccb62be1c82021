import type { BatchObject } from '@spillway/contracts';
import type { FaultRecord } from '../faults/fault.ts';
import type { BatchFacts } from '../history/batch-facts.ts';
import { arrivalsByDigest } from './arrivals.ts';
import { breaksOff } from './breaks-off.ts';
import { latestArrival } from './started-after-cancel.ts';
import type { Check } from './violation.ts';

/** No line reaches an engine or the cloud after its batch has ended, and none for the first time while it is paused. */
export const lateLines: Check = ({ batches, engine, cloud, faults }) => {
  const arrivals = arrivalsByDigest([...engine, ...cloud]);
  return batches.flatMap((facts) => {
    const paused = pauseOf(facts, faults);
    return facts.plan.lines.flatMap(({ customId, digest }) => {
      const times = arrivals.get(digest) ?? [];
      const late = times.filter((atMs) =>
        facts.finals.some(({ batch }) => atMs > latestArrival(endOf(batch), atMs, faults)),
      );
      const whilePaused =
        paused === undefined ? [] : times.slice(0, 1).filter((atMs) => isWithin(atMs, paused, faults));
      return [
        ...late.slice(0, 1).map((atMs) => `${customId} was sent at ${time(atMs)}, after its batch had ended`),
        ...whilePaused
          .slice(0, 1)
          .map((atMs) => `${customId} was sent at ${time(atMs)}, while it was paused`),
      ].map((detail) => ({ figure: 'started_after_cancel', key: facts.plan.key, detail }) as const);
    });
  });
};

const time = (atMs: number): string => new Date(atMs).toISOString();

/** The last millisecond of the second that the batch tells. */
function endOf(batch: BatchObject): number {
  const seconds = batch.completed_at ?? batch.failed_at ?? batch.expired_at ?? batch.cancelled_at;
  return seconds === null ? Infinity : seconds * 1000 + 999;
}

interface Pause {
  readonly answeredAtMs: number;
  readonly fromMs: number;
  readonly toMs: number;
}

/** A batch-worker takes what waits out of its lanes a moment after the pause was answered. */
const HELD_AFTER_MS = 3_000;
/** A batch-worker that died with the lease of the batch is replaced within this. */
const LEASE_MS = 10_000;
const HOLDERS = ['batch-worker', 'redis'];

/** From when the lines of a paused batch are surely held until its resume was asked for. */
function pauseOf({ changes, asked }: BatchFacts, faults: readonly FaultRecord[]): Pause | undefined {
  const paused = changes.find(({ change }) => change === 'pause');
  const resuming = asked.find(({ change }) => change === 'resume');
  if (paused === undefined) return undefined;
  const answeredAtMs = paused.atMs;
  const troubles = faults.filter(
    ({ process, pid, beganAtMs, endedAtMs }) =>
      pid > 0 &&
      HOLDERS.some((name) => process.startsWith(name)) &&
      beganAtMs <= answeredAtMs + HELD_AFTER_MS &&
      endedAtMs >= answeredAtMs - LEASE_MS,
  );
  const calmAtMs = Math.max(answeredAtMs, ...troubles.map(({ endedAtMs }) => endedAtMs + LEASE_MS));
  return { answeredAtMs, fromMs: calmAtMs + HELD_AFTER_MS, toMs: resuming?.atMs ?? Infinity };
}

/** What had begun before the pause goes on, also after a fault. */
const isWithin = (
  atMs: number,
  { answeredAtMs, fromMs, toMs }: Pause,
  faults: readonly FaultRecord[],
): boolean => atMs > fromMs && atMs < toMs && !breaksOff(faults, answeredAtMs, atMs);
