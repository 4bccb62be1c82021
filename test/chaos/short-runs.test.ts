import { beforeAll, describe, expect, test } from 'vitest';
import { ALL_CHECKS } from './checks/all-checks.ts';
import type { Figure } from './checks/violation.ts';
import type { BatchFacts, FinalBatch } from './history/batch-facts.ts';
import type { JobFacts, RunFacts } from './history/facts.ts';
import { printRun } from './report/print-report.ts';
import { type ChaosRun, runChaos } from './run-chaos.ts';
import { SHORT_RUN } from './run-options.ts';

/**
 * Between them: kill -9 of Redis, both schedulers, the workers of the engine and of batches, and the engine; stops; a
 * clock; a 429 storm.
 */
const SEEDS = [3, 133, 160];

/** One line altered, and the figure that has to show it. */
const PLANTS: readonly (readonly [Figure, (facts: RunFacts) => RunFacts])[] = [
  [
    'lost',
    changeCompleted(({ finals }) => ({ finals: finals.map((record) => ({ ...record, status: 'running' })) })),
  ],
  [
    'doubled',
    changeCompleted(({ finals }) => ({
      finals: finals.map((record) => ({ ...record, attempts: [...record.attempts, ...record.attempts] })),
    })),
  ],
  ['wrong_result', changeCompleted(({ plan }) => ({ plan: { ...plan, digest: '0123456789ab' } }))],
  ['missed_events', changeCompleted(() => ({ receipts: [] }))],
  [
    'wrong_events',
    changeCompleted(({ receipts }) => ({ receipts: receipts.map((one) => ({ ...one, signature: 'bad' })) })),
  ],
  [
    'cap_violations',
    (facts) => ({
      ...facts,
      engine: facts.engine.map((line) => ({ ...line, in_flight: line.in_flight + facts.cap })),
    }),
  ],
];

/** The same of a batch that completed. */
const BATCH_PLANTS: readonly (readonly [Figure, (facts: RunFacts) => RunFacts])[] = [
  ['lost', changeFinalBatch(({ batch }) => ({ batch: { ...batch, status: 'finalizing' } }))],
  ['wrong_ends', changeFinalBatch(({ batch }) => ({ batch: { ...batch, status: 'cancelled' } }))],
  [
    'wrong_lines',
    changeFinalBatch(({ results }) => ({ results: { ...results, output: results.output.slice(1) } })),
  ],
  [
    'wrong_result',
    changeFinalBatch(({ results }) => ({
      results: { ...results, output: results.output.map((line) => ({ ...line, digest: '0123456789ab' })) },
    })),
  ],
  ['missed_events', changeBatch(() => ({ receipts: [] }))],
];

describe.each(SEEDS)('a short run with seed %i', (seed) => {
  let run: ChaosRun;
  beforeAll(async () => {
    const said: string[] = [];
    const signal = AbortSignal.timeout(170_000);
    run = await runChaos({ seed, size: SHORT_RUN, env: process.env, say: (line) => said.push(line), signal });
    if (run.violations.length > 0) console.log([...said, ...printRun(run)].join('\n'));
  }, 180_000);

  test('breaks no guarantee, recovers from every fault, and most of its jobs complete', () => {
    expect(run.violations).toEqual([]);
    expect(
      run.recoveries.map(({ seconds }) => seconds).filter((seconds) => !Number.isFinite(seconds)),
    ).toEqual([]);
    const completed = run.facts.jobs.filter(({ finals }) => finals[0]?.status === 'completed');
    expect(completed.length).toBeGreaterThan(SHORT_RUN.load.jobs / 2);
    const batches = run.facts.batches.flatMap(({ finals }) => finals.map(({ batch }) => batch.status));
    expect(batches).toHaveLength(SHORT_RUN.batches.courses.length);
    expect(batches).toEqual(expect.arrayContaining(['completed', 'failed']));
    expect(run.facts.faults.filter(({ pid }) => pid > 0)).toHaveLength(SHORT_RUN.faults.faults);
  });

  test.each(BATCH_PLANTS)('would have shown %s of a batch, had one line been another', (figure, plant) => {
    const found = ALL_CHECKS.flatMap((check) => check(plant(run.facts)));
    expect(found.filter(({ key }) => key?.includes('batch')).map((violation) => violation.figure)).toContain(
      figure,
    );
  });

  test.each(PLANTS)('would have shown %s, had one line of its history been another', (figure, plant) => {
    const found = ALL_CHECKS.flatMap((check) => check(plant(run.facts)));
    expect(found.map((violation) => violation.figure)).toContain(figure);
  });
});

/** Alters the batch that completed and was told of. */
function changeBatch(change: (batch: BatchFacts) => Partial<BatchFacts>): (facts: RunFacts) => RunFacts {
  return (facts) => {
    const index = facts.batches.findIndex(
      ({ finals, receipts, plan }) =>
        finals[0]?.batch.status === 'completed' && receipts.length > 0 && plan.course.kind === 'plain',
    );
    const batches = facts.batches.map((batch, at) => (at === index ? { ...batch, ...change(batch) } : batch));
    return { ...facts, batches };
  };
}

function changeFinalBatch(change: (final: FinalBatch) => Partial<FinalBatch>): (facts: RunFacts) => RunFacts {
  return changeBatch(({ finals }) => ({
    finals: finals.map((final) => ({ ...final, ...change(final) })),
  }));
}

/** Alters the first job that completed and was told of. */
function changeCompleted(change: (job: JobFacts) => Partial<JobFacts>): (facts: RunFacts) => RunFacts {
  return (facts) => {
    const index = facts.jobs.findIndex(
      ({ finals, receipts, plan }) =>
        finals[0]?.status === 'completed' && receipts.length > 0 && plan.hook?.events === undefined,
    );
    return { ...facts, jobs: facts.jobs.map((job, at) => (at === index ? { ...job, ...change(job) } : job)) };
  };
}
