// The simulator beside the results of the VTC artifact, and beside an earlier simulation of the other two traces:
//   node src/published/published-main.ts overflow|fairness|affinity [policy,policy,…] [load or replicas]
import { argv, stdout } from 'node:process';
import { serviceDifference } from '../outcome/service-difference.ts';
import { type ParseOptions, parsePolicy } from '../policies/parse-policy.ts';
import type { Policy } from '../policies/policy.ts';
import { bundledTrace, type BundledTrace } from '../traces/bundled-trace.ts';
import { readTrace, type Trace } from '../traces/read-trace.ts';
import { runAffinity, runFairness, runOverflow } from './run-published.ts';

const [what = 'overflow', names, number] = argv.slice(2);

switch (what) {
  case 'overflow': {
    say(
      'misses interactive/standard/batch %, p99 of interactive s, cloud share %, $/h, misses of pinned, flips, kWh',
    );
    say(
      'an earlier simulation at 1x: fifo 98.8/89.8/0, 2365 s; priority-depth 0.2/0/0, 23 s, 40.1 %, $2.37; slack 0.6/0/0, 19.2 %, $1.18',
    );
    const trace = await open('azure-2023-conversation');
    for (const policy of policies(
      names ?? 'fifo,priority,depth,priority-depth,priority-hysteresis,spillway',
    )) {
      const { report } = runOverflow(trace, policy, { load: Number(number ?? 1), seed: 1 });
      const { interactive, standard, batch } = report.classes;
      const missed = [interactive, standard, batch].map((of) => percent(of?.missedShare ?? 0)).join('/');
      const { cloud, energy } = report;
      say(
        `${name(policy)} ${missed} p99 ${fixed(interactive?.latency.p99 ?? 0)} s cloud ${percent(cloud.share)} %` +
          ` $${fixed(cloud.usdPerHour, 2)}/h pinned ${report.pinned.missed} flips ${report.flips}` +
          ` ${fixed(energy.kwh, 2)} kWh (${fixed(report.wallSeconds)} s, ${report.plans} plans)`,
      );
    }
    break;
  }
  case 'fairness': {
    say('service difference max and average, tokens/s, refused');
    say(
      'published (VTC artifact): fifo 760/434 777; lcf 750/324 778; vtc 368/252 779; vtc-oracle 329/228 781; rpm:20 447/196 694',
    );
    const trace = await open('vtc-27-clients');
    for (const policy of policies(
      names ?? 'fifo,lcf,vtc,vtc-predict,vtc-oracle,rpm:5,rpm:20,rpm:30,spillway',
      {
        admission: 'peak',
      },
    )) {
      const { report, outcomes } = runFairness(trace, policy);
      const { max, average } = serviceDifference(outcomes, 600_000);
      say(
        `${name(policy)} ${fixed(max)}/${fixed(average)} ${fixed(report.engine.tokensPerSecond)} tok/s ${report.rejected}`,
      );
    }
    break;
  }
  case 'affinity': {
    say('share of prompt tokens found cached, mean and p99 time to first token');
    say(
      'an earlier simulation, for 8: round-robin .098 1.98 12.0; chwbl .252 1.81 11.8; weighted .288 1.66 11.4; time .293 0.96 7.6',
    );
    const trace = await open('mooncake-conversation');
    for (const policy of policies(
      names ?? 'random,round-robin,least-load,chwbl,weighted,time-cost,spillway',
    )) {
      const { report } = runAffinity(trace, policy, Number(number ?? 8));
      const { firstToken, engine } = report;
      say(
        `${name(policy)} ${fixed(engine.prefixHitRate, 3)} ${fixed(firstToken.mean, 2)} s ${fixed(firstToken.p99)} s`,
      );
    }
    break;
  }
  default:
    throw new Error('say which: overflow, fairness or affinity');
}

function say(line: string): void {
  stdout.write(`${line}\n`);
}

async function open(trace: BundledTrace): Promise<Trace> {
  const read = await readTrace(bundledTrace(trace));
  if (!read.ok) throw new Error(read.error);
  return read.value;
}

function policies(list: string, options: ParseOptions = {}): readonly Policy[] {
  return list.split(',').map((text) => {
    const parsed = parsePolicy(text, options);
    if (!parsed.ok) throw new Error(parsed.error);
    return parsed.value;
  });
}

function name(policy: Policy): string {
  return policy.name.padEnd(24);
}
function fixed(value: number, digits = 1): string {
  return value.toFixed(digits);
}
function percent(share: number): string {
  return fixed(100 * share, 2);
}
