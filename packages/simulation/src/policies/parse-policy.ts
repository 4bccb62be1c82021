import { DEFAULT_POLICY, err, type JobView, type LaneView, ok, type Result } from '@spillway/core';
import { baseline, type BaselineSpec } from './baseline.ts';
import { byArrival, byClass, byDeadline, byService } from './order.ts';
import { anyOf, boundedHashing, leastLoad, roundRobin, timeCost, weightedSum } from './placement.ts';
import type { Policy, World } from './policy.ts';
import type { Admission } from './room.ts';
import { type Lengths, ServiceCounters } from './service-counters.ts';
import { spillway } from './spillway.ts';

export interface ParseOptions {
  /** How policies that wait for room see it; by slots unless given. */
  readonly admission?: Admission;
}

/** What can be written where a policy is asked for, with one line of help each. */
export const POLICY_HELP: Readonly<Record<string, string>> = {
  spillway: 'this scheduler: predicted finish against deadline',
  'spillway:at-once': 'the same, but jobs are bound to a backend as they arrive',
  'spillway:depth': 'the same, but overflow goes by the number of waiting jobs',
  'spillway:local': 'the same, but never to the cloud',
  fifo: 'first come, first served; never to the cloud',
  'depth[:N]': 'first come, first served; to the cloud while more than N (20) wait',
  'hysteresis[:LEAVE:ENTER]': 'the same, from above ENTER (40) waiting until below LEAVE (10)',
  priority: 'interactive, standard, batch; never to the cloud',
  'priority-depth[:N]': 'interactive, standard, batch; to the cloud while more than N (20) wait',
  'priority-hysteresis[:LEAVE:ENTER]': 'the same, from above ENTER (40) waiting until below LEAVE (10)',
  edf: 'earliest deadline first; never to the cloud',
  lcf: 'the tenant served least so far; idle time counts',
  vtc: 'virtual token counter (OSDI 2024)',
  'vtc-predict': 'the same, answers charged ahead by prediction',
  'vtc-oracle': 'the same, by their true length, which nobody knows',
  'rpm:N': 'first come, first served; N requests of a tenant in a minute, the rest refused',
  'per-key': 'virtual token counter for each API key in place of each tenant',
  'per-key-rpm:N': 'N requests of an API key in a minute',
  random: 'any replica, as jobs arrive',
  'round-robin': 'one replica after the other, as jobs arrive',
  'least-load': 'the replica with the fewest jobs, as they arrive',
  chwbl: 'consistent hashing with bounded loads by the first two blocks of a prompt, 1.25, as jobs arrive',
  weighted: 'the llm-d router: queue 2, KV cache 2, prefix 3, as jobs arrive',
  'time-cost': 'the replica with the earliest first token, by prompts and prefix caches, as jobs arrive',
};

/** The policy of that name, or what is wrong with it. */
export function parsePolicy(text: string, options: ParseOptions = {}): Result<Policy, string> {
  const [name = '', ...rest] = text.split(':');
  const numbers = rest.map(Number);
  const areNumbers = numbers.every((value) => Number.isInteger(value) && value > 0);
  const own = name === 'spillway' ? ownPolicy(text, rest.join(':')) : undefined;
  if (own !== undefined) return ok(own);
  const spec = areNumbers ? specOf(name, numbers) : undefined;
  if (spec === undefined)
    return err(
      `there is no policy ${JSON.stringify(text)}. Known are ${Object.keys(POLICY_HELP).join(', ')}.`,
    );
  return ok(baseline({ binding: 'late', open: () => parts(byArrival), ...options, ...spec, name: text }));
}

function ownPolicy(name: string, variant: string): Policy | undefined {
  const withMode = (mode: 'off' | 'depth'): Policy =>
    spillway({ name, scheduling: { ...DEFAULT_POLICY, overflow: { ...DEFAULT_POLICY.overflow, mode } } });
  switch (variant) {
    case '':
      return spillway();
    case 'at-once':
      return spillway({ name, binding: 'arrival' });
    case 'depth':
      return withMode('depth');
    case 'local':
      return withMode('off');
    default:
      return undefined;
  }
}

type Spec = Partial<BaselineSpec>;
type Open = BaselineSpec['open'];

const parts = (order: ReturnType<Open>['order'], placement = leastLoad): ReturnType<Open> => ({
  order,
  placement,
});
const atOnce = (placementOf: (world: World) => ReturnType<Open>['placement']): Spec => ({
  binding: 'arrival',
  open: (world) => parts(byArrival, placementOf(world)),
});
const depth = (most = 20): Spec => ({ overflow: { enter: most, leave: most, dwellMs: 0 } });
const hysteresis = (leave = 10, enter = 40): Spec => ({ overflow: { enter, leave, dwellMs: 0 } });
const classes: Spec = { open: () => parts(byClass(false)) };

function counted(lengths: Lengths, lift: boolean): Spec {
  return {
    open: (world) => {
      const counters = new ServiceCounters(world, lengths, lift);
      const order = {
        ...byService((tenantId) => counters.of(tenantId)),
        dispatched: (lane: LaneView, job: JobView) => {
          counters.dispatched(lane.tenantId, job);
        },
      };
      return { order, placement: leastLoad, counters };
    },
  };
}

function specOf(name: string, [first, second]: readonly number[]): Spec | undefined {
  switch (name) {
    case 'fifo':
      return {};
    case 'depth':
      return depth(first);
    case 'hysteresis':
      return hysteresis(first, second);
    case 'priority':
      return classes;
    case 'priority-depth':
      return { ...classes, ...depth(first) };
    case 'priority-hysteresis':
      return { ...classes, ...hysteresis(first, second) };
    case 'edf':
      return { laneOrder: 'deadline', open: () => parts(byDeadline) };
    case 'lcf':
      return counted('as-generated', false);
    case 'vtc':
      return counted('as-generated', true);
    case 'vtc-predict':
      return counted('predicted', true);
    case 'vtc-oracle':
      return counted('oracle', true);
    case 'per-key':
      return { ...counted('as-generated', true), tenancy: 'key' };
    case 'rpm':
      return first === undefined ? undefined : { requestsPerMinute: first };
    case 'per-key-rpm':
      return first === undefined ? undefined : { requestsPerMinute: first, tenancy: 'key' };
    case 'random':
      return atOnce(anyOf);
    case 'round-robin':
      return atOnce(roundRobin);
    case 'least-load':
      return atOnce(() => leastLoad);
    case 'chwbl':
      return atOnce(boundedHashing);
    case 'weighted':
      return atOnce(weightedSum);
    case 'time-cost':
      return atOnce(() => timeCost);
    default:
      return undefined;
  }
}
