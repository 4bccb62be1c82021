import { parseArgs } from 'node:util';
import { table } from '@spillway/cli/terminal';
import { affinity } from './affinity/affinity.ts';
import { backlog } from './backlog/backlog.ts';
import { batch } from './batch/batch.ts';
import type { Bench } from './bench.ts';
import { type BenchTable, textTable } from './bench-table.ts';
import { fairness } from './fairness/fairness.ts';
import { intake } from './intake/intake.ts';
import { latency } from './latency/latency.ts';
import { overflow } from './overflow/overflow.ts';
import { markdownReport, textReport } from './print-report.ts';
import { planBench } from './plan/plan.ts';
import { reality } from './reality/reality.ts';
import { type BenchReport, commit, machine } from './report.ts';
import { scale } from './scale/scale.ts';
import { throughput } from './throughput/throughput.ts';

const BENCHES: readonly Bench[] = [
  latency,
  intake,
  throughput,
  batch,
  backlog,
  fairness,
  overflow,
  affinity,
  planBench,
  scale,
  reality,
];
const USAGE = `npm run bench -- NAME [--json | --markdown]
npm run bench -- --list
Those that simulate take --seeds N and --quick, too.
`;

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    json: { type: 'boolean', default: false },
    markdown: { type: 'boolean', default: false },
    seeds: { type: 'string' },
    quick: { type: 'boolean', default: false },
    list: { type: 'boolean' },
    help: { type: 'boolean' },
  },
});
const say = (line: string): void => void process.stderr.write(`${line}\n`);
const stop = new AbortController();
for (const name of ['SIGINT', 'SIGTERM'] as const) process.on(name, () => stop.abort());

if (values.list) {
  process.stdout.write(`${table(BENCHES.map(({ name, about }) => [name, about]))}\n`);
} else if (values.help) {
  process.stderr.write(USAGE);
} else {
  const bench = BENCHES.find(({ name }) => name === positionals[0]);
  const wrong = whatIsWrong(bench);
  if (bench === undefined || wrong !== undefined) {
    process.stderr.write(`${wrong ?? ''}${USAGE}`);
    process.exitCode = 2;
  } else {
    await runUnlessStopped(bench);
  }
}

function whatIsWrong(bench: Bench | undefined): string | undefined {
  if (bench === undefined)
    return positionals[0] === undefined ? '' : `there is no benchmark "${positionals[0]}"\n`;
  if (values.seeds === undefined && !values.quick) return undefined;
  if (bench.seeded !== true) return `${bench.name} measures real processes: it has no seeds\n`;
  return values.seeds === undefined || /^[1-9]\d?$/.test(values.seeds)
    ? undefined
    : '--seeds is how many, 1 to 99\n';
}

async function runUnlessStopped(bench: Bench): Promise<void> {
  try {
    await runBench(bench);
  } catch (error) {
    if (!stop.signal.aborted) throw error;
    say('stopped');
    process.exitCode = 130;
  }
}

async function runBench(bench: Bench): Promise<void> {
  say(`${bench.name}: ${bench.about}`);
  const runs = Number(values.seeds ?? (values.quick ? 1 : bench.runs));
  const tables: BenchTable[] = [];
  const figures = await bench.run({
    say,
    signal: stop.signal,
    seeds: Array.from({ length: runs }, (_, index) => index + 1),
    quick: values.quick,
    show: (shown) => {
      tables.push(shown);
      if (!values.json && !values.markdown) process.stdout.write(`\n${textTable(shown)}\n`);
    },
    env: process.env,
  });
  const report: BenchReport = {
    bench: bench.name,
    commit: commit(),
    machine: machine(),
    runs,
    figures,
    tables,
  };
  if (values.json) process.stdout.write(`${JSON.stringify(report)}\n`);
  else process.stdout.write(values.markdown ? markdownReport(report) : textReport(report));
}
