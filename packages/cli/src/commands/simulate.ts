import { availableParallelism } from 'node:os';
import { resolve } from 'node:path';
import { TRACE_FORMATS, type ClassMix, type TraceFormat } from '@spillway/simulation';
import { Option, type Command } from 'commander';
import type { Cli } from '../cli.ts';
import { parseCount } from '../parse-values.ts';
import { openSession } from '../session.ts';
import { parseFactor, parseMix, parseSeed, parseSeeds, parseShare } from '../simulate/parse-shape.ts';
import { collectPolicies, policyHelp } from '../simulate/policy-names.ts';

interface SimulateFlags {
  readonly trace: string;
  readonly format?: TraceFormat;
  readonly backends?: string;
  readonly profiles?: string;
  readonly model?: string;
  readonly policy?: readonly string[];
  readonly load: number;
  readonly requests?: number;
  readonly repeat?: number;
  readonly mix?: ClassMix;
  readonly pinned?: number;
  readonly tenants?: number;
  readonly seed: number;
  readonly seeds: number;
  readonly parallel: number;
  readonly html?: string;
}

/** The policies compared when nobody names any: ours, and what most people would write first. */
const COMPARED = ['spillway', 'depth'];

const HELP = `
Policies:
${policyHelp()}

The scheduler is the one that serves real jobs; engines, cloud and power are
models (docs/simulation.md). Nothing is called, and no key is needed.

Traces: our own (spillway export-trace), Azure 2023 and 2024, BurstGPT, Mooncake,
VTC; gzipped or not. What a trace does not tell is drawn: classes half
interactive, 30 % standard and 20 % batch; nothing pinned; one tenant.

Examples:
  spillway simulate --trace monday.jsonl.gz --backends spillway.yaml
  spillway simulate --trace azure.csv --pinned 0.15 --load 1.5 --seeds 4 \\
    --policy spillway --policy depth --policy fifo --html report.html`;

export function registerSimulate(program: Command, cli: Cli): void {
  program
    .command('simulate')
    .description('what your traffic would come to on your backends, policy beside policy')
    .requiredOption('--trace <file>', 'the requests')
    .addOption(
      new Option('--format <format>', 'of the trace, if not by its first line').choices(TRACE_FORMATS),
    )
    .option(
      '--backends <file>',
      'a spillway.yaml: backends, models, routing, tenants (default: one GPU, one cloud)',
    )
    .option('--profiles <file>', 'JSON: how fast the backends are, where you know it; with --backends')
    .option(
      '--model <model>',
      'the model that stands for names in the trace that the configuration does not serve; with --backends',
    )
    .addOption(
      new Option('--policy <policy>', 'who decides, or all; repeat it to compare with the first').argParser(
        collectPolicies,
      ),
    )
    .addOption(
      new Option('--load <factor>', 'so many times the requests per second')
        .argParser(parseFactor)
        .default(1),
    )
    .addOption(
      new Option('--requests <count>', 'so many requests: the trace is cut off, or repeated').argParser(
        parseCount,
      ),
    )
    .addOption(
      new Option('--repeat <times>', 'the whole trace so many times')
        .argParser(parseCount)
        .conflicts('requests'),
    )
    .addOption(
      new Option('--mix <shares>', 'classes: interactive=0.5,standard=0.3,batch=0.2').argParser(parseMix),
    )
    .addOption(new Option('--pinned <share>', 'share of jobs that must stay local').argParser(parseShare))
    .addOption(
      new Option('--tenants <count>', 'so many tenants, the n-th with 1/n of the first').argParser(
        parseCount,
      ),
    )
    .addOption(new Option('--seed <number>', 'of all that is drawn').argParser(parseSeed).default(1))
    .addOption(
      new Option('--seeds <count>', 'runs of each policy, with seeds one after the other; at most 100')
        .argParser(parseSeeds)
        .default(1),
    )
    .addOption(
      new Option('--parallel <count>', 'runs at once')
        .argParser(parseCount)
        .default(availableParallelism(), 'one a core'),
    )
    .option('--html <file>', 'a report with charts, in one file')
    .addHelpText('after', HELP)
    .action(async (flags: SimulateFlags, command: Command) => {
      const session = openSession(cli, command);
      const inFolder = (file: string | undefined): string | undefined =>
        file === undefined ? undefined : resolve(session.context.cwd, file);
      // only here: what knows prices brings two SDKs with it
      const { runSimulate } = await import('../simulate/run-simulate.ts');
      await runSimulate(
        {
          ...flags,
          trace: resolve(session.context.cwd, flags.trace),
          backends: inFolder(flags.backends),
          profiles: inFolder(flags.profiles),
          html: inFolder(flags.html),
          policies: flags.policy ?? COMPARED,
        },
        session,
      );
    });
}
