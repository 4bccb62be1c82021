import { describe, expect, test } from 'vitest';
import type { AttemptMetrics } from './attempt-metrics.ts';
import { gpu, openLoop } from './testing/open-loop.ts';
import { eventually, openTestCell, type TestCell } from './testing/open-test-cell.ts';

/** What a histogram has been told. */
async function observed(
  histogram: AttemptMetrics['predictionError' | 'outputLengthError' | 'estimateError'],
) {
  const { values } = await histogram.get();
  const named = (end: string) => values.filter(({ metricName }) => metricName?.endsWith(end));
  return {
    counts: named('_count'),
    sum: named('_sum').reduce((sum, { value }) => sum + value, 0),
  };
}

const bothReported = (cell: TestCell): Promise<true> =>
  eventually(
    () => cell.log().match(/"attempt.finished"/g)?.length === 2 || undefined,
    'both attempts to be reported',
  );

describe('what the metrics are told of attempts', () => {
  test('how far their ends were from the prediction, early or late, of completed ones only', async () => {
    await using cell = await openTestCell();
    await using worker = await openLoop(cell);
    const [answered, failed] = [await cell.submit(), await cell.submit()];
    await cell.dispatch(gpu, answered, failed);
    (await worker.runOf(answered)).end();
    const reason = { kind: 'backend-error', detail: 'HTTP 500' } as const;
    (await worker.runOf(failed)).end({ kind: 'failed', reason });
    await cell.until(answered, 'completed');
    await bothReported(cell);
    const finish = await observed(cell.metrics.predictionError);
    expect(finish.counts).toMatchObject([{ labels: { backend: gpu, direction: 'early' }, value: 1 }]);
    // dispatched with 5 s to go, and answered at once
    expect(finish.sum).toBeGreaterThan(1);
    // 20 tokens, taken for 15
    const length = await observed(cell.metrics.outputLengthError);
    expect(length.counts).toMatchObject([{ labels: { backend: gpu, direction: 'long' }, value: 1 }]);
    expect(length.sum).toBe(5);
  });

  test('how far ends were from what clients had been told, where they had been told anything', async () => {
    await using cell = await openTestCell();
    await using worker = await openLoop(cell);
    const untold = await cell.submit();
    await cell.foretell({ modelGroup: 'house-model', jobMs: 1000, residenceMs: 20_000 });
    const told = await cell.submit();
    await cell.dispatch(gpu, untold, told);
    (await worker.runOf(untold)).end();
    (await worker.runOf(told)).end();
    await cell.until(told, 'completed');
    await bothReported(cell);
    const estimate = await observed(cell.metrics.estimateError);
    expect(estimate.counts).toMatchObject([{ labels: { class: 'standard', direction: 'early' }, value: 1 }]);
    // the second in line: 2 s for the two, and 20 from its dispatch
    expect(estimate.sum).toBeGreaterThan(10);
    expect(estimate.sum).toBeLessThan(22);
    expect((await observed(cell.metrics.outputLengthError)).counts).toMatchObject([{ value: 2 }]);
  });
});
