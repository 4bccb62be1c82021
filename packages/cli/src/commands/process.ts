import { resolve } from 'node:path';
import { JOB_CLASSES, PRIVACY_CHOICES, ROUTING_STRATEGIES, type JobClass } from '@spillway/core';
import { Option, type Command } from 'commander';
import type { Cli } from '../cli.ts';
import { EXIT } from '../exit-code.ts';
import { parseCount, parseWindow } from '../parse-values.ts';
import { MAX_BATCH_DOCUMENTS } from '../process/limits.ts';
import type { ProcessOptions } from '../process/process-options.ts';
import { readSchema } from '../process/read-schema.ts';
import { runProcess, type RunReport } from '../process/run-process.ts';
import { summaryText } from '../process/summary-text.ts';
import { openSession, type Session } from '../session.ts';
import { UsageError } from '../usage-error.ts';
import { privacyOf, type PrivacyFlags } from './privacy-of.ts';
import { readPrompt } from './read-prompt.ts';

interface ProcessFlags extends PrivacyFlags {
  readonly prompt?: string;
  readonly promptFile?: string;
  readonly schema?: string;
  readonly out: string;
  readonly model: string;
  readonly maxOutputTokens?: number;
  readonly class?: JobClass;
  readonly strategy?: ProcessOptions['strategy'];
  readonly window?: string;
  readonly batchSize: number;
  readonly inFlight: number;
  readonly retryFailed?: boolean;
  readonly strict?: boolean;
}

const HELP = `
Documents: txt, md, html, pdf, docx, csv, json, eml, and any other UTF-8 text.
A prompt with {{document}} in it is the whole prompt, with the text of the
document in that place; {{filename}} is its name.

The same command again goes on where the last one stopped: what has an outcome
is not sent again, what changed or is new is. A table keeps the full results
beside it, in FILE.csv.jsonl.

Examples:
  spillway process ./contracts --prompt "Name the parties and the date."
  spillway process ./invoices --prompt-file ask.txt --schema invoice.json \\
    --out invoices.csv
  spillway process report.pdf notes/*.md --local-only --window 2h \\
    --prompt "Sum up {{filename}}: {{document}}"`;

export function registerProcess(program: Command, cli: Cli): void {
  program
    .command('process')
    .description('one prompt over every document of a folder; run it again to go on after a stop')
    .argument('<inputs...>', 'folders (names that begin with a dot are left out) and files')
    .option('-p, --prompt <text>', 'what to do with each document')
    .option('--prompt-file <file>', 'the same, from a file; - for stdin')
    .option('--schema <file>', 'JSON Schema that each answer is to follow')
    .option(
      '-o, --out <file>',
      'where the results go: JSON lines, or a table if it ends in .csv',
      'results.jsonl',
    )
    .option('-m, --model <model>', 'the model, or a group of models of the configuration', 'auto')
    .addOption(new Option('--max-output-tokens <count>', 'longest answer, in tokens').argParser(parseCount))
    .addOption(
      new Option('--window <length>', 'documents not finished by then expire; 10m, 2h, 1d').argParser(
        parseWindow,
      ),
    )
    .addOption(new Option('--class <class>', 'how much hurry (default: batch)').choices(JOB_CLASSES))
    .addOption(new Option('--strategy <strategy>', 'how a backend is chosen').choices(ROUTING_STRATEGIES))
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
    .addHelpText('after', HELP)
    .action(async (inputs: readonly string[], flags: ProcessFlags, command: Command) => {
      const session = openSession(cli, command);
      const { context, output, connect } = session;
      const options = await readOptions(inputs, flags, session);
      try {
        report(await runProcess(options, { context, output, connect }), flags, session);
      } catch (error) {
        if (!(error instanceof UsageError)) output.note(context.signal.aborted ? STOPPED : BROKEN_OFF);
        throw error;
      }
    });
}

const STOPPED =
  'Stopped. What has arrived is saved; what the platform already has goes on there and is collected, not paid ' +
  'again, when you run the same command again.';
const BROKEN_OFF = 'What has arrived is saved; run the same command again to go on from there.';

async function readOptions(
  inputs: readonly string[],
  flags: ProcessFlags,
  { context }: Session,
): Promise<ProcessOptions> {
  return {
    inputs,
    out: resolve(context.cwd, flags.out),
    prompt: await promptOf(flags, context),
    schema: flags.schema === undefined ? undefined : await readSchema(resolve(context.cwd, flags.schema)),
    model: flags.model,
    maxOutputTokens: flags.maxOutputTokens,
    class: flags.class,
    strategy: flags.strategy,
    privacy: privacyOf(flags),
    window: flags.window,
    batchSize: flags.batchSize,
    inFlight: flags.inFlight,
    retryFailed: flags.retryFailed ?? false,
  };
}

async function promptOf({ prompt, promptFile }: ProcessFlags, context: Session['context']): Promise<string> {
  if (prompt !== undefined && promptFile !== undefined)
    throw new UsageError('give --prompt or --prompt-file, not both');
  if (prompt !== undefined) return readPrompt([prompt], {}, context);
  if (promptFile === undefined)
    throw new UsageError('say what to do with each document: --prompt, or --prompt-file');
  return promptFile === '-' ? readPrompt(['-'], {}, context) : readPrompt([], { file: promptFile }, context);
}

function report(run: RunReport, { strict }: ProcessFlags, { output, finish }: Session): void {
  const { summary, seconds, sent, out, skipped, documentsPerMinute } = run;
  const value = {
    object: 'document_run',
    ...summary,
    skipped,
    sent,
    seconds,
    documents_per_minute: documentsPerMinute ?? null,
    out,
  };
  output.result(value, () => summaryText(run, output.style));
  if (summary.missing > 0 || (strict === true && summary.completed < summary.total)) finish(EXIT.failed);
  if (summary.missing > 0) output.note('Documents without an outcome: run the same command again.');
}
