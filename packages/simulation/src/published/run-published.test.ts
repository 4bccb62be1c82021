import { expect, test } from 'vitest';
import { serviceDifference } from '../outcome/service-difference.ts';
import { parsePolicy } from '../policies/parse-policy.ts';
import type { Policy } from '../policies/policy.ts';
import { bundledTrace, type BundledTrace } from '../traces/bundled-trace.ts';
import { readTrace, type Trace } from '../traces/read-trace.ts';
import { runAffinity, runFairness, runOverflow } from './run-published.ts';

test('overflow: first come first served misses, and depth pays, what an earlier simulation of the trace found', async () => {
  const trace = await open('azure-2023-conversation');
  const fifo = runOverflow(trace, policyOf('fifo'), { load: 1, seed: 1 }).report;
  expect(Math.abs((fifo.classes['interactive']?.missedShare ?? 0) - 0.988)).toBeLessThan(0.01);
  expect(Math.abs((fifo.classes['standard']?.missedShare ?? 0) - 0.898)).toBeLessThan(0.01);
  expect(fifo.classes['batch']?.missedShare).toBe(0);
  const depth = runOverflow(trace, policyOf('priority-depth'), { load: 1, seed: 1 }).report;
  expect(Math.abs(depth.cloud.share - 0.401)).toBeLessThan(0.015);
  expect(Math.abs(depth.cloud.usdPerHour / 2.37 - 1)).toBeLessThan(0.03);
});

test('fairness: service differences are within a tenth of those measured, and request caps lose the same throughput', async () => {
  const trace = await open('vtc-27-clients');
  for (const [name, average, tokensPerSecond] of [
    ['fifo', 433.53, 777],
    ['lcf', 323.82, 778],
    ['vtc', 251.66, 779],
    ['vtc-oracle', 227.51, 781],
    ['rpm:5', 83.58, 340],
    ['rpm:20', 195.71, 694],
    ['rpm:30', 309.45, 747],
  ] as const) {
    const { report, outcomes } = runFairness(trace, policyOf(name));
    const difference = serviceDifference(outcomes, 600_000);
    expect([name, Math.abs(difference.average / average - 1) < 0.1]).toEqual([name, true]);
    expect([name, Math.abs(report.engine.tokensPerSecond / tokensPerSecond - 1) < 0.02]).toEqual([
      name,
      true,
    ]);
  }
});

test('affinity: routers find as much cached, and answer as soon, as in an earlier simulation of the trace', async () => {
  const trace = await open('mooncake-conversation');
  for (const [name, hitRate, meanSeconds] of [
    ['random', 0.096, 2.76],
    ['round-robin', 0.098, 1.98],
    ['least-load', 0.096, 2.13],
    ['chwbl', 0.252, 1.81],
    ['time-cost', 0.293, 0.96],
  ] as const) {
    const { engine, firstToken } = runAffinity(trace, policyOf(name), 8).report;
    expect([name, Math.abs(engine.prefixHitRate - hitRate) < 0.01]).toEqual([name, true]);
    expect([name, Math.abs(firstToken.mean / meanSeconds - 1) < 0.05]).toEqual([name, true]);
  }
});

async function open(name: BundledTrace): Promise<Trace> {
  const read = await readTrace(bundledTrace(name));
  if (!read.ok) throw new Error(read.error);
  return read.value;
}

function policyOf(text: string): Policy {
  const parsed = parsePolicy(text, { admission: 'peak' });
  if (!parsed.ok) throw new Error(parsed.error);
  return parsed.value;
}
