import { runSimulation, shapeTrace, spillway, type SimulationReport } from '@spillway/simulation';
import { describe, expect, test } from 'vitest';
import { comparisonText } from './comparison-text.ts';
import { DEFAULT_DEPLOYMENT } from './default-deployment.ts';

const records = Array.from({ length: 30 }, (_, index) => ({
  atMs: index * 100,
  inputTokens: 100,
  outputTokens: 20,
}));
const jobs = shapeTrace(records, { seed: 1, load: 1, pinned: 0.5 });
const run = runSimulation(jobs, DEFAULT_DEPLOYMENT.deployment, spillway(), { seed: 1 });

/** One run under other names: what is compared here is how it looks. */
const reportOf = (...names: readonly string[]): SimulationReport => ({
  trace: { name: 'a.csv', requests: records.length, of: records.length, seconds: 3 },
  backends: [],
  assumptions: [],
  policies: names.map((policy) => ({ ...run, policy })),
});
const textOf = (columns: number, ...names: readonly string[]): string =>
  comparisonText(reportOf(...names), columns, (_, text) => text);
const widest = (text: string): number => Math.max(...text.split('\n').map(({ length }) => length));
const linesWith = (text: string, ...words: readonly string[]): number =>
  text.split('\n').filter((line) => words.every((word) => line.includes(word))).length;

const FIVE = ['spillway', 'depth', 'fifo', 'priority-hysteresis', 'vtc-predict'];

describe('the comparison in a terminal', () => {
  test('has a column for each of a few policies, and every figure', () => {
    const text = textOf(100, 'spillway', 'depth');
    expect(linesWith(text, 'policy', 'spillway', 'depth')).toBe(1);
    for (const head of ['missed pinned', 'cloud $/h', 'p99 wait batch', 'kWh', 'flips'])
      expect(linesWith(text, head)).toBe(1);
  });

  test('has a row for each of many', () => {
    const text = textOf(200, ...FIVE);
    expect(linesWith(text, 'policy', 'interactive', 'flips')).toBe(1);
    for (const name of FIVE) expect(linesWith(text, name)).toBe(1);
    expect(text).not.toContain('No room');
  });

  test('has rows, too, where a few have names that are too long for columns', () => {
    const names = ['a', 'b', 'c'].map((name) => name.repeat(30));
    const text = textOf(100, ...names);
    expect(linesWith(text, ...names)).toBe(0);
    expect(widest(text)).toBeLessThanOrEqual(100);
  });

  test.each([110, 100, 80, 60])(
    'is never wider than its %d columns, and names what it leaves out',
    (columns) => {
      const text = textOf(columns, ...FIVE);
      expect(widest(text)).toBeLessThanOrEqual(columns);
      expect(text).toContain('pinned');
      const [, remark = ''] = text.split('\n\n');
      expect(remark).toMatch(/^No room for: [^]*flips[^]*--json/);
    },
  );
});
