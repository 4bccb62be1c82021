import { createRandom, type Random } from '../../src/random.ts';
import {
  type PlannedFault,
  type ProcessName,
  PROCESSES,
  type SimRule,
  type Simulator,
  type Trouble,
} from './fault.ts';

export interface FaultPlanOptions {
  readonly faults: number;
  /** Length of the load: faults begin after its first and end before its last seconds, kills aside. */
  readonly loadMs: number;
  readonly shortestStopMs: number;
  readonly longestStopMs: number;
}

/**
 * The faults of one run, by its seed, in the order in which they begin. They may overlap, but a process that was hit
 * has {@link APART_MS} before it is hit again, at most two are in force at once, and of the long stops only one: what
 * is shown is recovery, not how long everything can be down.
 */
export function planFaults(seed: number, options: FaultPlanOptions): readonly PlannedFault[] {
  const random = createRandom(seed ^ 0x00fa_0175);
  const placed: Draft[] = [];
  for (let tries = 0; placed.length < options.faults && tries < options.faults * TRIES; tries += 1) {
    const draft = drawFault(random, options);
    if (placed.every((other) => mayStandBeside(draft, other)) && !isThird(draft, placed)) placed.push(draft);
  }
  return placed
    .toSorted((a, b) => a.beginsAtMs - b.beginsAtMs)
    .map((draft, index) => ({ number: index + 1, ...draft }));
}

type Draft = Omit<PlannedFault, 'number'>;

const TRIES = 100;
const APART_MS = 8_000;
const LONG_MS = 10_000;
const FIRST_MS = 2_000;
const HOUR_MS = 3_600_000;
/** An attempt at a webhook is given up after 15 s: a longer stop would fail it, and the third one comes 5 min later. */
const LONGEST_DISPATCHER_STOP_MS = 10_000;

/** How often each kind of trouble is drawn, out of their sum. */
const SHARES = { kill: 30, stop: 26, terminate: 10, misbehave: 22, 'clock-step': 12 } as const;

const OFTEN_HIT: readonly ProcessName[] = [
  'redis',
  'gpu-worker-gpu-0',
  'scheduler',
  'scheduler-2',
  'engine-sim',
  'batch-worker',
  'batch-worker-2',
];
const CLOCKED = PROCESSES.filter((name) => !['redis', 'engine-sim', 'provider-sim'].includes(name));

/** A line of a batch has ten minutes for an attempt: one that hangs would outlast the run. */
const SINGLE_JOBS = 'Document ';

const RULES: Readonly<Record<Simulator, readonly SimRule[]>> = {
  'engine-sim': [
    { kind: 'hang', match: SINGLE_JOBS, times: 6 },
    { kind: 'drop', times: 6 },
    { kind: 'drop-mid-answer', times: 6 },
    { kind: 'error-500', times: 12 },
    { kind: 'broken-json', times: 6 },
    { kind: 'slow', delay_ms: 2_500 },
    { kind: 'unhealthy' },
  ],
  'provider-sim': [
    { kind: 'rate-limit-429', retry_after_seconds: 2 },
    { kind: 'rate-limit-429', retry_after_seconds: 1 },
    { kind: 'overloaded-529' },
    { kind: 'hang', match: SINGLE_JOBS, times: 4 },
    { kind: 'drop', times: 6 },
    { kind: 'drop-mid-answer', times: 6 },
    { kind: 'slow', delay_ms: 2_500 },
  ],
};

function drawFault(random: Random, options: FaultPlanOptions): Draft {
  const { shortestStopMs, longestStopMs } = options;
  const kind = drawKind(random);
  const lasting = (leastMs: number, mostMs: number): number =>
    random.whole(leastMs, Math.max(leastMs, Math.min(longestStopMs, mostMs)));
  const place = (process: ProcessName, trouble: Trouble, lastsMs: number): Draft => ({
    process,
    trouble,
    beginsAtMs: random.whole(FIRST_MS, Math.max(FIRST_MS, options.loadMs - lastsMs)),
    lastsMs,
  });
  switch (kind) {
    case 'kill':
      return place(random.pick([...PROCESSES, ...OFTEN_HIT]), { kind }, 0);
    case 'terminate':
      return place(random.pick(PROCESSES), { kind }, 0);
    case 'stop': {
      const process = random.pick([...PROCESSES, ...OFTEN_HIT]);
      const mostMs = process.startsWith('webhook') ? LONGEST_DISPATCHER_STOP_MS : longestStopMs;
      return place(process, { kind }, lasting(shortestStopMs, mostMs));
    }
    case 'misbehave': {
      const process = random.pick(['engine-sim', 'provider-sim'] as const);
      return place(process, { kind, rule: random.pick(RULES[process]) }, lasting(3_000, 8_000));
    }
    case 'clock-step':
      return place(
        random.pick(CLOCKED),
        { kind, byMs: random.pick([HOUR_MS, -HOUR_MS]) },
        lasting(4_000, 10_000),
      );
  }
}

function drawKind(random: Random): keyof typeof SHARES {
  const kinds = Object.keys(SHARES) as (keyof typeof SHARES)[];
  let left = random.next() * kinds.reduce((sum, kind) => sum + SHARES[kind], 0);
  return kinds.find((kind) => (left -= SHARES[kind]) < 0) ?? 'kill';
}

const endOf = ({ beginsAtMs, lastsMs }: Draft): number => beginsAtMs + lastsMs;

const overlap = (a: Draft, b: Draft, marginMs: number): boolean =>
  a.beginsAtMs < endOf(b) + marginMs && b.beginsAtMs < endOf(a) + marginMs;

function mayStandBeside(a: Draft, b: Draft): boolean {
  if (a.process === b.process && overlap(a, b, APART_MS)) return false;
  return !(isLongStop(a) && isLongStop(b) && overlap(a, b, APART_MS));
}

const isLongStop = (draft: Draft): boolean => draft.trouble.kind === 'stop' && draft.lastsMs > LONG_MS;

const isThird = (draft: Draft, placed: readonly Draft[]): boolean =>
  placed.filter((other) => overlap(draft, other, 0)).length >= 2;
