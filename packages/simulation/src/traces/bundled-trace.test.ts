import { expect, test } from 'vitest';
import { bundledTrace, type BundledTrace } from './bundled-trace.ts';
import { readTrace } from './read-trace.ts';
import type { TraceRecord } from './trace-record.ts';

const statistics = async (name: BundledTrace) => {
  const trace = await readTrace(bundledTrace(name));
  if (!trace.ok) throw new Error(trace.error);
  const { records, format, leftOut } = trace.value;
  const mean = (of: (record: TraceRecord) => number) =>
    Math.round(records.reduce((sum, record) => sum + of(record), 0) / records.length);
  return {
    format,
    requests: records.length,
    leftOut,
    input: mean(({ inputTokens }) => inputTokens),
    output: mean(({ outputTokens }) => outputTokens),
    minutes: Math.round((records.at(-1)?.atMs ?? 0) / 60_000),
    tenants: new Set(records.map(({ tenant }) => tenant)).size,
    blocks: Math.round(mean(({ prefix }) => prefix?.length ?? 0)),
  };
};

test('the traces are the published ones, to the request and the token', async () => {
  expect(await statistics('azure-2023-conversation')).toEqual({
    format: 'azure',
    requests: 19_366,
    leftOut: 0,
    input: 1155,
    output: 211,
    minutes: 58,
    tenants: 1,
    blocks: 0,
  });
  expect(await statistics('mooncake-conversation')).toEqual({
    format: 'mooncake',
    requests: 12_031,
    leftOut: 0,
    input: 12_035,
    output: 343,
    minutes: 59,
    tenants: 1,
    blocks: 24,
  });
  expect(await statistics('vtc-27-clients')).toEqual({
    format: 'vtc',
    requests: 1500,
    leftOut: 0,
    input: 136,
    output: 256,
    minutes: 10,
    tenants: 27,
    blocks: 0,
  });
});
