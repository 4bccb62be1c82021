import { type Arbitrary, array, boolean, constantFrom, integer, oneof, record } from 'fast-check';
import type { BatchTurn, BatchView } from './decide-turn.ts';
import type { BatchStatus } from './status.ts';
import { type BatchEvent, transitionBatch } from './transition-batch.ts';

/** What happens to a batch while nobody takes a turn for it. Jobs go by numbers, of those there are. */
export type Happening =
  | { readonly kind: 'start' | 'end'; readonly job: number }
  | { readonly kind: 'pause' | 'resume' | 'cancel' | 'nothing' }
  | { readonly kind: 'time'; readonly ms: number };

/** A line: how many jobs each of its steps has; one that is no document has a single step of one job. */
export interface LinePlan {
  readonly steps: readonly number[];
  /** The first of its jobs to end ends the line, whatever else runs for it. */
  readonly failsAtOnce: boolean;
  /** It has its outcome as soon as it is fed. */
  readonly isNoJob: boolean;
}

export interface BatchPlan {
  readonly lines: readonly LinePlan[];
  readonly isUsable: boolean;
  readonly windowMs: number;
}

const line: Arbitrary<LinePlan> = record({
  steps: oneof(
    { weight: 3, arbitrary: constantFrom([1]) },
    { weight: 1, arbitrary: array(integer({ min: 1, max: 3 }), { minLength: 2, maxLength: 3 }) },
  ),
  failsAtOnce: boolean(),
  isNoJob: oneof({ weight: 5, arbitrary: constantFrom(false) }, { weight: 1, arbitrary: constantFrom(true) }),
});

export const plans: Arbitrary<BatchPlan> = record({
  lines: array(line, { maxLength: 20 }),
  isUsable: constantFrom(true, true, true, true, true, true, false),
  windowMs: integer({ min: 0, max: 3000 }),
});

const anyJob = integer({ min: 0, max: 19 });
export const happenings: Arbitrary<readonly Happening[]> = array(
  oneof(
    { weight: 80, arbitrary: anyJob.map((number) => ({ kind: 'end', job: number }) as const) },
    { weight: 80, arbitrary: anyJob.map((number) => ({ kind: 'start', job: number }) as const) },
    {
      weight: 30,
      arbitrary: integer({ min: 1, max: 300 }).map((ms) => ({ kind: 'time', ms }) as const),
    },
    { weight: 20, arbitrary: constantFrom('pause', 'resume').map((kind) => ({ kind }) as const) },
    { weight: 40, arbitrary: constantFrom({ kind: 'nothing' } as const) },
    { weight: 3, arbitrary: constantFrom({ kind: 'cancel' } as const) },
  ),
  { maxLength: 80 },
);

const GRACE_MS = 100;

interface Job {
  readonly line: number;
  state: 'waiting' | 'held' | 'running';
}

/** A batch as a store would hold it, in small: what the turns of a worker and the world make of it. */
export function openBatchModel(plan: BatchPlan) {
  let nowMs = 0;
  let status: BatchStatus = 'validating';
  let [paused, held, validated] = [false, false, false];
  let [total, cursor, drained, drainedAtMs] = [0, 0, 0, 0];
  let jobs: Job[] = [];
  let ended: number[] = [];
  const settled: number[] = [];
  /** Lines that have their outcome, each as often as it got one. */
  const outcomes: number[] = [];
  const stepsLeft = plan.lines.map(({ steps }) => [...steps]);

  const settle = (number: number): void => {
    outcomes.push(number);
    settled.push(number);
  };
  const planOf = (number: number): LinePlan => {
    const found = plan.lines[number];
    if (found === undefined) throw new Error(`there is no line ${number}`);
    return found;
  };
  const isOver = (): boolean => status === 'cancelling' || nowMs >= plan.windowMs;
  const begin = (number: number): void => {
    const count = stepsLeft[number]?.shift() ?? 0;
    for (let index = 0; index < count; index += 1) jobs.push({ line: number, state: 'waiting' });
  };
  const end = (job: Job): void => {
    jobs = jobs.filter((other) => other !== job);
    if (planOf(job.line).steps.length > 1) ended.push(job.line);
    else settle(job.line);
  };
  const advance = (): void => {
    for (const number of ended) {
      if (outcomes.includes(number)) continue;
      if (isOver() || planOf(number).failsAtOnce) settle(number);
      else if (jobs.some((job) => job.line === number)) continue;
      else if (stepsLeft[number]?.length === 0) settle(number);
      else begin(number);
    }
    ended = [];
  };
  const move = (event: BatchEvent): void => {
    const moved = transitionBatch(status, event);
    if (!moved.ok) throw new Error(`${event.kind} from ${status}`);
    status = moved.value;
  };
  /** The store ends what waits when the time is over, and what runs after a while. */
  const expire = (): void => {
    if (nowMs < plan.windowMs) return;
    for (const job of jobs) if (job.state !== 'running' || nowMs >= plan.windowMs + GRACE_MS) end(job);
  };

  return {
    nowMs: (): number => nowMs,
    outcomes: (): readonly number[] => outcomes,
    view: (): BatchView => ({
      status,
      paused,
      held: held ? 'all' : 'none',
      validated,
      total,
      cursor,
      open: jobs.length,
      ended: ended.length,
      settled: settled.length,
      settledBytes: 10 * settled.length,
      drained,
      drainedAtMs,
      expiresAtMs: plan.windowMs,
    }),
    happen: (happening: Happening): void => {
      switch (happening.kind) {
        case 'start': {
          const found = jobs[happening.job];
          if (found?.state === 'waiting') found.state = 'running';
          return;
        }
        case 'end': {
          const found = jobs[happening.job];
          if (found?.state === 'running') end(found);
          return;
        }
        case 'pause':
        case 'resume':
          if (status === 'validating' || status === 'in_progress') paused = happening.kind === 'pause';
          return;
        case 'cancel':
          if (transitionBatch(status, { kind: 'cancel-requested' }).ok) status = 'cancelling';
          return;
        case 'time':
          nowMs += happening.ms;
          return;
        case 'nothing':
          return;
      }
    },
    /** One after the other, what may run ends, as in a quiet world. */
    endNext: (): void => {
      const next = jobs.find(({ state }) => state !== 'held');
      if (next !== undefined) end(next);
    },
    take: (turn: BatchTurn): void => {
      switch (turn.kind) {
        case 'validate':
          validated = true;
          total = plan.isUsable ? plan.lines.length : 0;
          if (status === 'validating') move({ kind: plan.isUsable ? 'validated' : 'rejected' });
          return;
        case 'feed':
          for (const number of plan.lines
            .keys()
            .filter((other) => other >= cursor && other < cursor + turn.room)) {
            if (planOf(number).isNoJob) settle(number);
            else begin(number);
          }
          cursor += turn.room;
          return;
        case 'advance':
          advance();
          return;
        case 'drain':
          drained += settled.length;
          drainedAtMs = nowMs;
          settled.length = 0;
          return;
        case 'hold':
        case 'resume':
          held = turn.kind === 'hold';
          for (const job of jobs) if (job.state !== 'running') job.state = held ? 'held' : 'waiting';
          return;
        case 'cancel-open':
          for (const job of jobs) end(job);
          return;
        case 'close':
          move({ kind: 'lines-ended' });
          return;
        case 'finalise':
          move({ kind: 'finalised', unfinished: total - drained });
          return;
        case 'wait':
          nowMs = turn.untilMs;
          expire();
          return;
        case 'leave':
          return;
      }
    },
  };
}
