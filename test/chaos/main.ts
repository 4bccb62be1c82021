import { parseArgs } from 'node:util';
import { createRandom, seedOfRun } from '../src/random.ts';
import { isGood, reportOf } from './report/chaos-report.ts';
import { printRun, reportTable } from './report/print-report.ts';
import { type ChaosRun, runChaos } from './run-chaos.ts';
import { FULL_RUN, SHORT_RUN } from './run-options.ts';

const USAGE = `npm run chaos -- [--runs N] [--seed S] [--short] [--keep] [--json]

  --runs N   how many runs, one after the other      default 1
  --seed S   what all of them follow from            default by chance, printed
  --short    runs of 20 seconds instead of a minute
  --keep     data, logs and history of good runs are kept, too
  --json     one object on standard output
`;

const { values } = parseArgs({
  options: {
    runs: { type: 'string', default: '1' },
    seed: { type: 'string' },
    short: { type: 'boolean', default: false },
    keep: { type: 'boolean', default: false },
    json: { type: 'boolean', default: false },
    help: { type: 'boolean' },
  },
});
const say = (line: string): void => void process.stderr.write(`${line}\n`);
const runs = Number(values.runs);
const seed = Number(values.seed ?? createRandom(Date.now()).whole(1, 1e9));
if (values.help || !Number.isInteger(runs) || runs < 1 || !Number.isInteger(seed)) {
  process.stderr.write(USAGE);
  process.exitCode = values.help ? 0 : 2;
} else {
  await runAll();
}

async function runAll(): Promise<void> {
  const stop = new AbortController();
  for (const name of ['SIGINT', 'SIGTERM'] as const) process.on(name, () => stop.abort());
  const done: ChaosRun[] = [];
  try {
    for (let run = 1; run <= runs; run += 1) {
      say(`run ${run} of ${runs}`);
      const size = values.short ? SHORT_RUN : FULL_RUN;
      const one = await runChaos({
        seed: seedOfRun(seed, run),
        size,
        keep: values.keep,
        env: process.env,
        say,
        signal: stop.signal,
      });
      done.push(one);
      if (one.violations.length > 0) for (const line of printRun(one)) say(line);
    }
  } catch (error) {
    if (!stop.signal.aborted) throw error;
    say('stopped');
  }
  const report = reportOf(done, seed);
  process.stdout.write(values.json ? `${JSON.stringify(report)}\n` : `${reportTable(report)}\n`);
  process.exitCode = stop.signal.aborted ? 130 : isGood(report) ? 0 : 1;
}
