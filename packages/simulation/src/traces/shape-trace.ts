import { JOB_CLASSES, type JobClass } from '@spillway/core';
import type { TraceJob } from '../trace-job.ts';
import { saltPrefix } from './salt-prefix.ts';
import { seededRandom } from './seeded-random.ts';
import type { TraceRecord } from './trace-record.ts';

/** How a trace becomes the load of a simulation. Same trace, same options: same jobs. */
export interface TraceShape {
  readonly seed: number;
  /** Times as many requests per second: arrival times are divided by it. */
  readonly load: number;
  /** Jobs wanted; a shorter trace begins again after its end. All of the trace once, unless given. */
  readonly requests?: number | undefined;
  /** Shares of the classes; they add up to 1. Given, it overrules the trace. */
  readonly mix?: ClassMix | undefined;
  /** Share of jobs that may only run on local backends, 0 to 1. Given, it overrules the trace. */
  readonly pinned?: number | undefined;
  /** So many tenants share the jobs, the n-th with 1/n as many as the first. Given, they overrule the trace. */
  readonly tenants?: number | undefined;
  /** The models that can be asked for. Given, they stand for all others that the trace names, and for none. */
  readonly models?: { readonly served: ReadonlySet<string>; readonly otherwise: string } | undefined;
}

export type ClassMix = Readonly<Record<JobClass, number>>;

/** For traces that tell no classes: somebody waits for half of them, and a fifth has until tomorrow. */
export const DEFAULT_MIX: ClassMix = { interactive: 0.5, standard: 0.3, batch: 0.2 };

/** The only tenant of a trace that names none. */
const SOMEBODY = 'default';

/** The jobs of a trace as they arrive, made one by one: a million of them take no memory of their own. */
export function* shapeTrace(
  records: readonly TraceRecord[],
  shape: TraceShape,
): Generator<TraceJob, void, undefined> {
  const { seed, load, requests = records.length } = shape;
  const spanMs = records.at(-1)?.atMs ?? 0;
  // the gap between the end and the next beginning is one like the others
  const periodMs = records.length > 1 ? spanMs + spanMs / (records.length - 1) : 1000;
  const classOf = drawClass(shape.mix ?? DEFAULT_MIX, seededRandom(seed, 'class'));
  const isPinned = drawPinned(shape.pinned ?? 0, seededRandom(seed, 'pinned'));
  const tenantOf =
    shape.tenants === undefined ? undefined : drawTenant(shape.tenants, seededRandom(seed, 'tenant'));
  for (let index = 0; index < requests && records.length > 0; index += 1) {
    const round = Math.floor(index / records.length);
    const record = records[index % records.length];
    if (record === undefined) return;
    // drawn for every job, wanted or not, so that one option does not move the dice of the others
    const drawn = { jobClass: classOf(), pinned: isPinned(), tenant: tenantOf?.() };
    const { prefix, model, ...rest } = record;
    const tenant = drawn.tenant === undefined ? undefined : `tenant-${drawn.tenant}`;
    yield {
      ...rest,
      atMs: (record.atMs + round * periodMs) / load,
      tenant: tenant ?? record.tenant ?? SOMEBODY,
      jobClass: shape.mix === undefined ? (record.jobClass ?? drawn.jobClass) : drawn.jobClass,
      pinned: shape.pinned === undefined ? (record.pinned ?? drawn.pinned) : drawn.pinned,
      ...modelOf(model, shape.models),
      // a second round of the same prompts would find all of them cached, and a tenant never finds another's
      ...(prefix === undefined ? {} : { prefix: saltPrefix(prefix, round * 65_536 + (drawn.tenant ?? 0)) }),
    };
  }
}

function modelOf(model: string | undefined, models: TraceShape['models']): Pick<TraceJob, 'model'> {
  if (models !== undefined && !(model !== undefined && models.served.has(model)))
    return { model: models.otherwise };
  return model === undefined ? {} : { model };
}

function drawClass(mix: ClassMix, random: () => number): () => JobClass {
  return () => {
    let left = random();
    for (const jobClass of JOB_CLASSES) {
      left -= mix[jobClass];
      if (left < 0) return jobClass;
    }
    return 'batch';
  };
}

const drawPinned =
  (share: number, random: () => number): (() => boolean) =>
  () =>
    random() < share;

/** Numbers from 1, by Zipf's law: how requests spread over customers nearly everywhere. */
function drawTenant(tenants: number, random: () => number): () => number {
  const upTo: number[] = [];
  let sum = 0;
  for (let tenant = 1; tenant <= tenants; tenant += 1) {
    sum += 1 / tenant;
    upTo.push(sum);
  }
  return () => {
    const drawn = random() * sum;
    let [low, high] = [0, tenants - 1];
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((upTo[middle] ?? 0) > drawn) high = middle;
      else low = middle + 1;
    }
    return low + 1;
  };
}
