import { parseArgs } from 'node:util';
import { table } from '@spillway/cli/terminal';
import { backlog } from './backlog/backlog.ts';
import { batch } from './batch/batch.ts';
import type { Bench } from './bench.ts';
import { intake } from './intake/intake.ts';
import { latency } from './latency/latency.ts';
import { type BenchReport, commit, machine } from './report.ts';
import { throughput } from './throughput/throughput.ts';

const BENCHES: readonly Bench[] = [latency, intake, throughput, batch, backlog];
const USAGE = 'npm run bench -- NAME [--json]\nnpm run bench -- --list\n';

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    json: { type: 'boolean', default: false },
    list: { type: 'boolean' },
    help: { type: 'boolean' },
  },
});
const say = (line: string): void => void process.stderr.write(`${line}\n`);
const stop = new AbortController();
for (const name of ['SIGINT', 'SIGTERM'] as const) process.on(name, () => stop.abort());

if (values.list) {
  process.stdout.write(`${table(BENCHES.map(({ name, about }) => [name, about]))}\n`);
} else {
  const bench = BENCHES.find(({ name }) => name === positionals[0]);
  if (values.help || bench === undefined) {
    const unknown = positionals[0] === undefined ? '' : `there is no benchmark "${positionals[0]}"\n`;
    process.stderr.write(`${values.help ? '' : unknown}${USAGE}`);
    process.exitCode = values.help ? 0 : 2;
  } else {
    await runBench(bench);
  }
}

async function runBench(bench: Bench): Promise<void> {
  say(`${bench.name}: ${bench.about}`);
  const figures = await bench.run({ say, signal: stop.signal, env: process.env });
  const report: BenchReport = {
    bench: bench.name,
    commit: commit(),
    machine: machine(),
    runs: bench.runs,
    figures,
  };
  if (values.json) {
    process.stdout.write(`${JSON.stringify(report)}\n`);
    return;
  }
  const rows = figures.map((one) => [
    one.name,
    `${one.value} ${one.unit}`,
    one.baseline === null ? '' : `${one.baseline}: ${one.baseline_value} ${one.unit}`,
    one.ratio === null ? '' : `${one.ratio}x`,
    one.aim === null ? '' : `aim ${one.aim}: ${one.met ? 'met' : 'MISSED'}`,
  ]);
  process.stdout.write(
    `\n${table(rows)}\n\n${report.runs} runs, medians · commit ${report.commit} · ${report.machine}\n`,
  );
}
