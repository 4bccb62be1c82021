import { expect, test } from 'vitest';
import { batchFacts, digestOf } from '../checks/batch-facts.fixtures.ts';
import { completed, job, line, run } from '../checks/facts.fixtures.ts';
import { createHistory } from '../history/history.ts';
import type { ChaosRun } from '../run-chaos.ts';
import { isGood, reportOf } from './chaos-report.ts';
import { printRun, reportTable } from './print-report.ts';

const runOf = (over: Partial<ChaosRun> = {}): ChaosRun => ({
  seed: 11,
  facts: run({ jobs: [job()], batches: [batchFacts()], rescuedBatches: 1 }),
  history: createHistory(() => 0),
  violations: [],
  recoveries: [
    { fault: 1, how: 'local', seconds: 2 },
    { fault: 2, how: 'cloud', seconds: 7.123 },
  ],
  dataDir: '/tmp/data',
  ...over,
});

test('a good report counts zero everywhere and tells how long recovery took', () => {
  const report = reportOf([runOf(), runOf()], 5);
  expect(report).toMatchObject({
    runs: 2,
    jobs: 2,
    faults: 2,
    lost: 0,
    crashes: 0,
    recovery_seconds: { p50: 2, max: 7.12 },
    seed: 5,
    ended: { completed: 2 },
    batches: 2,
    lines: 6,
    batches_ended: { completed: 2 },
    rescued_batches: 2,
    failed_seeds: [],
  });
  expect(isGood(report)).toBe(true);
});

test('one violation in one run makes it bad, and names the seed that repeats it', () => {
  const bad = runOf({ violations: [{ figure: 'lost', key: 'key-1', detail: 'gone' }] });
  const report = reportOf([runOf(), bad], 5);
  expect(report).toMatchObject({ lost: 1, doubled: 0, failed_seeds: [11] });
  expect(isGood(report)).toBe(false);
  expect(reportTable(report)).toContain('--runs 1 --seed 11');
});

test('a probe that was never done makes it bad', () => {
  const report = reportOf([runOf({ recoveries: [{ fault: 1, how: 'local', seconds: Infinity }] })], 5);
  expect(report.recovery_seconds.max).toBeNull();
  expect(isGood(report)).toBe(false);
});

test('a failed run tells its seed, its folder, and all that is known of the job, in order', () => {
  const history = createHistory(() => 1_000);
  history.note({ key: 'key-1', what: 'submitting' });
  history.note({ key: 'key-1', what: 'final', record: completed() });
  history.note({ key: 'key-9', what: 'submitting' });
  const lines = printRun(
    runOf({ history, violations: [{ figure: 'doubled', key: 'key-1', detail: 'twice' }] }),
  ).join('\n');
  expect(lines).toMatch(/seed 11.*\/tmp\/data/);
  expect(lines).toMatch(
    /doubled: key-1 twice[\s\S]*submitting[\s\S]*final: job_.*completed[\s\S]*engine: arrived/,
  );
  expect(lines).toContain('SIGSTOP gpu-worker-gpu-0');
  expect(lines).not.toContain('key-9');
  expect(lines).not.toContain('paragraph');
});

test('of a batch it tells what was seen of it and of the line that is concerned, and no text', () => {
  const history = createHistory(() => 1_000);
  const { plan, finals } = batchFacts();
  for (const final of finals) history.note({ key: plan.key, what: 'batch-final', ...final });
  const facts = run({ batches: [batchFacts()], engine: [line('arrived', 1, 1, digestOf(1))] });
  const violation = { figure: 'doubled', key: plan.key, detail: 'line-1 was sent again' } as const;
  const lines = printRun(runOf({ history, facts, violations: [violation] })).join('\n');
  expect(lines).toMatch(/batch-1: .*"lines":3[\s\S]*completed: 2 completed, 1 failed of 3/);
  expect(lines).toContain('engine: arrived line-1');
});
