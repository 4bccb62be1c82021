import { describe, expect, test } from 'vitest';
import { shapeTrace, type TraceShape } from './shape-trace.ts';
import type { TraceRecord } from './trace-record.ts';

const records = (count: number, more: Partial<TraceRecord> = {}): readonly TraceRecord[] =>
  Array.from({ length: count }, (_, index) => ({
    atMs: index * 100,
    inputTokens: 10,
    outputTokens: 5,
    ...more,
  }));
const shape = (trace: readonly TraceRecord[], options: Partial<TraceShape> = {}) => [
  ...shapeTrace(trace, { seed: 1, load: 1, ...options }),
];
const share = <Item>(items: readonly Item[], has: (item: Item) => boolean): number =>
  items.filter(has).length / items.length;

test('load divides the arrival times', () => {
  expect(shape(records(3), { load: 2 }).map(({ atMs }) => atMs)).toEqual([0, 50, 100]);
});

describe('more requests than the trace has', () => {
  test('it begins again one ordinary gap after its end', () => {
    expect(shape(records(3), { requests: 7 }).map(({ atMs }) => atMs)).toEqual([
      0, 100, 200, 300, 400, 500, 600,
    ]);
  });

  test('fewer are its first ones', () => {
    expect(shape(records(9), { requests: 2 })).toHaveLength(2);
  });

  test('the prompts of another round are not those of the first, but agree with each other as those did', () => {
    const [first, , again, other] = shape(
      [...records(1, { prefix: [1, 2, 3] }), ...records(1, { prefix: [1, 2, 9] })],
      { requests: 4 },
    ).map(({ prefix = [] }) => prefix);
    expect(first).toEqual([1, 2, 3]);
    expect(again?.slice(0, 2)).toEqual(other?.slice(0, 2));
    expect(new Set([...(first ?? []), ...(again ?? []), ...(other ?? [])]).size).toBe(7);
    expect(again?.every((block) => Number.isSafeInteger(block) && block >= 0)).toBe(true);
  });
});

describe('what the trace does not tell is drawn', () => {
  const many = records(20_000);

  test('classes and pins in the shares that were asked for', () => {
    const jobs = shape(many, { mix: { interactive: 0.2, standard: 0.7, batch: 0.1 }, pinned: 0.15 });
    expect(share(jobs, ({ jobClass }) => jobClass === 'interactive')).toBeCloseTo(0.2, 1);
    expect(share(jobs, ({ jobClass }) => jobClass === 'batch')).toBeCloseTo(0.1, 1);
    expect(share(jobs, ({ pinned }) => pinned)).toBeCloseTo(0.15, 1);
  });

  test('tenants by Zipf: the second has half as many as the first', () => {
    const jobs = shape(many, { tenants: 50 });
    const of = (name: string) => share(jobs, ({ tenant }) => tenant === name);
    expect(of('tenant-2') / of('tenant-1')).toBeCloseTo(0.5, 1);
    expect(new Set(jobs.map(({ tenant }) => tenant)).size).toBe(50);
  });

  test('tenants that share a trace never share a prompt', () => {
    const jobs = shape(records(200, { prefix: [7] }), { tenants: 3 });
    const blocks = new Map(jobs.map(({ tenant, prefix }) => [prefix?.[0], tenant]));
    expect(blocks.size).toBe(3);
    expect(jobs.every(({ tenant, prefix }) => blocks.get(prefix?.[0]) === tenant)).toBe(true);
  });

  test('the same seed draws the same, another one does not, and one option leaves the dice of the others', () => {
    const classes = (options: Partial<TraceShape>) => shape(many, options).map(({ jobClass }) => jobClass);
    expect(classes({})).toEqual(classes({ pinned: 0.5, tenants: 9 }));
    expect(classes({})).not.toEqual(classes({ seed: 2 }));
    expect(shape(many, { tenants: 9 })).toEqual(shape(many, { tenants: 9 }));
  });
});

const models = (served: string) => ({ served: new Set([served]), otherwise: 'auto' });

describe('what the trace tells stays', () => {
  const told = records(4, { tenant: 'a', jobClass: 'batch', pinned: true, model: 'm', deadlineMs: 9 });

  test('until an option says otherwise', () => {
    for (const job of shape(told))
      expect(job).toMatchObject({ tenant: 'a', jobClass: 'batch', pinned: true, model: 'm', deadlineMs: 9 });
    const [job] = shape(told, { mix: { interactive: 1, standard: 0, batch: 0 }, pinned: 0, tenants: 1 });
    expect(job).toMatchObject({ tenant: 'tenant-1', jobClass: 'interactive', pinned: false });
  });

  test('but a model that nobody serves becomes one that somebody does', () => {
    expect(shape(told, { models: models('m') })[0]?.model).toBe('m');
    expect(shape(told, { models: models('other') })[0]?.model).toBe('auto');
    expect(shape(records(1), { models: models('m') })[0]?.model).toBe('auto');
    expect(shape(records(1))[0]).not.toHaveProperty('model');
  });
});
