import type { Trace, TraceRecord } from '@spillway/simulation';
import { expect, test } from 'vitest';
import { assumedOf } from './assumed-of.ts';

const traceOf = (...records: readonly Partial<TraceRecord>[]): Trace => ({
  name: 'a.csv',
  format: 'spillway',
  leftOut: 0,
  records: records.map((record, index) => ({ atMs: index, inputTokens: 1, outputTokens: 1, ...record })),
});

test('what a trace tells is not assumed', () => {
  expect(assumedOf(traceOf({ jobClass: 'batch', pinned: false }), { load: 1 })).toEqual([]);
});

test('what it does not tell is drawn, and said', () => {
  expect(assumedOf(traceOf({}), { load: 1 })).toEqual([
    '50 % interactive, 30 % standard, 20 % batch',
    'nothing must stay local',
  ]);
  expect(assumedOf(traceOf({}, { jobClass: 'batch', pinned: true }), { load: 1 })).toEqual([
    'of jobs without a class, 50 % interactive, 30 % standard, 20 % batch',
  ]);
});

test('what the options change is said, even where the trace tells otherwise', () => {
  const told = traceOf({ jobClass: 'batch', pinned: false });
  const mix = { interactive: 0.25, standard: 0.75, batch: 0 };
  expect(assumedOf(told, { load: 1.5, mix, pinned: 0.15, tenants: 9 })).toEqual([
    '1.5 times the requests per second of the trace',
    '25 % interactive, 75 % standard',
    '15 % must stay local',
    '9 tenants, the n-th with 1/n as many jobs as the first',
  ]);
});
