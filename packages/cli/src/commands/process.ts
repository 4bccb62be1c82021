import { resolve } from 'node:path';
import { PRIVACY_CHOICES } from '@spillway/core';
import { JOB_CLASSES, type JobClass } from '@spillway/core';
import { Option, type Command } from 'commander';
import type { Cli } from '../cli.ts';
import { EXIT } from '../exit-code.ts';
import { parseCount, parseSeconds } from '../parse-values.ts';
import { MAX_BATCH_DOCUMENTS } from '../process/limits.ts';
import { runProcess } from '../process/run-process.ts';
import { summaryText } from '../process/summary-text.ts';
import { openSession } from '../session.ts';
import { privacyOf, type PrivacyFlags } from './privacy-of.ts';

interface ProcessFlags extends PrivacyFlags {
  readonly instruction: string;
  readonly out: string;
  readonly model: string;
  readonly maxTokens?: number;
  readonly class?: JobClass;
  readonly window?: number;
  readonly batchSize: number;
  readonly inFlight: number;
  readonly retryFailed?: boolean;
  readonly strict?: boolean;
}

export function registerProcess(program: Command, cli: Cli): void {
  program
    .command('process')
    .description('one instruction over every document of a folder; run it again to go on after a stop')
    .argument('<folder>', 'its files, also in folders below; names that begin with a dot are left out')
    .requiredOption('--instruction <text>', 'what to do with each document')
    .requiredOption('-o, --out <file>', 'where the results go, one JSON line per document')
    .option('-m, --model <model>', 'the model, or a group of models of the configuration', 'auto')
    .addOption(new Option('--max-tokens <count>', 'longest answer, in tokens').argParser(parseCount))
    .addOption(new Option('--class <class>', 'how much hurry (default: batch)').choices(JOB_CLASSES))
    .addOption(
      new Option('--window <length>', 'documents not finished by then expire; 90s, 10m, 2h').argParser(
        parseSeconds,
      ),
    )
    .option('--local-only', 'never leave your own hardware (the same as --privacy local_only)')
    .addOption(new Option('--privacy <choice>', 'who may see the documents').choices(PRIVACY_CHOICES))
    .addOption(
      new Option('--batch-size <count>', `documents of one batch, at most ${MAX_BATCH_DOCUMENTS}`)
        .argParser((raw: string) => Math.min(MAX_BATCH_DOCUMENTS, parseCount(raw)))
        .default(MAX_BATCH_DOCUMENTS),
    )
    .addOption(new Option('--in-flight <count>', 'batches at once').argParser(parseCount).default(4))
    .option('--retry-failed', 'send again what did not complete in an earlier run')
    .option('--strict', 'exit with 1 when a document did not complete')
    .action(async (folder: string, flags: ProcessFlags, command: Command) => {
      const session = openSession(cli, command);
      const { context, output } = session;
      const options = {
        folder: resolve(context.cwd, folder),
        out: resolve(context.cwd, flags.out),
        instruction: flags.instruction,
        model: flags.model,
        maxTokens: flags.maxTokens,
        class: flags.class,
        privacy: privacyOf(flags),
        windowSeconds: flags.window,
        batchSize: flags.batchSize,
        inFlight: flags.inFlight,
        retryFailed: flags.retryFailed ?? false,
      };
      try {
        const report = await runProcess(options, { context, output, connect: session.connect });
        const { summary, seconds, sent, out } = report;
        output.result({ object: 'document_run', ...summary, sent, seconds, out }, () =>
          summaryText(report, output.style),
        );
        const isShort = summary.missing > 0 || (flags.strict === true && summary.completed < summary.total);
        if (isShort) session.finish(EXIT.failed);
        if (summary.missing > 0) output.note('Documents without an outcome: run the same command again.');
      } catch (error) {
        if (context.signal.aborted) {
          output.note(
            'Stopped. What has arrived is saved; what the platform already has goes on there and is collected, not ' +
              'paid again, when you run the same command again.',
          );
        }
        throw error;
      }
    });
}
