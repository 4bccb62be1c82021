import { randomUUID } from 'node:crypto';
import { resolve } from 'node:path';
import { BATCH_ENDPOINTS, type BatchObject } from '@spillway/contracts';
import { PRIVACY_CHOICES } from '@spillway/core';
import { Option, type Command } from 'commander';
import { batchStatusText, batchText } from '../batch/batch-text.ts';
import { createBatchesApi, type BatchesApi } from '../batch/batches-api.ts';
import { endpointOfFile, type BatchEndpoint } from '../batch/endpoint-of-file.ts';
import { saveResults } from '../batch/save-results.ts';
import { watchBatch } from '../batch/watch-batch.ts';
import type { Cli } from '../cli.ts';
import { EXIT } from '../exit-code.ts';
import { formatCount } from '../output/format.ts';
import { collectMetadata, parseBatchId, parseWindow } from '../parse-values.ts';
import { openSession, type Session } from '../session.ts';
import { privacyOf, type PrivacyFlags } from './privacy-of.ts';

const HELP = `
Examples:
  spillway batch submit requests.jsonl --window 2h --watch
  spillway batch results batch_… --follow --out answers.jsonl
  spillway batch retry batch_…`;

export function registerBatch(program: Command, cli: Cli): void {
  const batch = program
    .command('batch')
    .description("batches of JSON lines, as OpenAI's Batch API takes them")
    .addHelpText('after', HELP);
  registerSubmit(batch, cli);
  registerResults(batch, cli);
  const withId = (name: string, description: string): Command =>
    batch.command(name).description(description).argument('<batch>', 'its id', parseBatchId);

  withId('status', 'where a batch stands').action(async (id: string, _options: unknown, command: Command) => {
    const { api, session } = open(cli, command);
    showBatch(await api.get(id), session);
  });
  withId('watch', 'follow a batch to its end; exit with 1 unless it completed').action(
    async (id: string, _options: unknown, command: Command) => {
      const { api, session } = open(cli, command);
      await watchToEnd(api, id, session);
    },
  );
  withId('retry', 'run the lines that failed again, as another batch').action(
    async (id: string, _options: unknown, command: Command) => {
      const { api, session } = open(cli, command);
      showNew(await api.retry(id, randomUUID()), session);
    },
  );
  for (const [what, description] of CHANGES) {
    withId(what, description).action(async (id: string, _options: unknown, command: Command) => {
      const { api, session } = open(cli, command);
      const changed = await api.change(id, what);
      session.output.result(changed, () => `${id} ${batchStatusText(changed, session.output.style)}`);
    });
  }
}

const CHANGES = [
  ['cancel', 'end a batch; what has ended of it stays'],
  ['pause', 'begin no further line until it is resumed'],
  ['resume', 'go on with a paused batch'],
] as const;

interface SubmitFlags extends PrivacyFlags {
  readonly endpoint?: BatchEndpoint;
  readonly window: string;
  readonly metadata?: Readonly<Record<string, string>>;
  readonly watch?: boolean;
}

function registerSubmit(batch: Command, cli: Cli): void {
  batch
    .command('submit')
    .description('upload a file of requests and run them')
    .argument('<file>', 'one request a line, with custom_id, method, url and body')
    .addOption(
      new Option('--endpoint <path>', 'of every line (default: as the first says)').choices(BATCH_ENDPOINTS),
    )
    .addOption(
      new Option('--window <length>', 'what has not ended by then expires; 10m, 2h, 1d')
        .argParser(parseWindow)
        .default('24h'),
    )
    .option('--local-only', 'never leave your own hardware (the same as --privacy local_only)')
    .addOption(new Option('--privacy <choice>', 'who may see the prompts').choices(PRIVACY_CHOICES))
    .option('--metadata <key=value>', 'a pair of your own; may be repeated', collectMetadata)
    .option('--watch', 'follow it to its end')
    .action(async (file: string, flags: SubmitFlags, command: Command) => {
      const { api, session } = open(cli, command);
      const path = resolve(session.context.cwd, file);
      const endpoint = flags.endpoint ?? (await endpointOfFile(path));
      const privacy = privacyOf(flags);
      const input = await api.upload(path);
      const created = await api.create(
        {
          input_file_id: input.id,
          endpoint,
          completion_window: flags.window,
          ...(privacy === undefined ? {} : { privacy }),
          ...(flags.metadata === undefined ? {} : { metadata: flags.metadata }),
        },
        randomUUID(),
      );
      if (flags.watch !== true) showNew(created, session);
      else {
        session.output.note(created.id);
        await watchToEnd(api, created.id, session);
      }
    });
}

function registerResults(batch: Command, cli: Cli): void {
  batch
    .command('results')
    .description('the lines that have ended, as they ended: answers and errors, JSON lines')
    .argument('<batch>', 'its id', parseBatchId)
    .option('-o, --out <file>', 'write them to a file instead of stdout')
    .option('--follow', 'go on until the batch has ended')
    .action(
      async (
        id: string,
        { out, follow = false }: { readonly out?: string; readonly follow?: boolean },
        command: Command,
      ) => {
        const { api, session } = open(cli, command);
        const path = out === undefined ? undefined : resolve(session.context.cwd, out);
        const count = await saveResults(api, { id, out: path, follow }, session);
        if (out !== undefined) session.output.note(`${formatCount(count)} lines in ${out}`);
      },
    );
}

function open(cli: Cli, command: Command): { readonly api: BatchesApi; readonly session: Session } {
  const session = openSession(cli, command);
  return { api: createBatchesApi(session.credentials(), session.signal), session };
}

async function watchToEnd(api: BatchesApi, id: string, session: Session): Promise<void> {
  const ended = await watchBatch(api, id, session);
  showBatch(ended, session);
  if (ended.status !== 'completed') session.finish(EXIT.failed);
}

const showBatch = (batch: BatchObject, { output }: Session): void => {
  output.result(batch, () => batchText(batch, output.style));
};

function showNew(batch: BatchObject, { output }: Session): void {
  output.result(batch, () => batch.id);
  output.note(`${batchStatusText(batch, output.noteStyle)}; follow it: spillway batch watch ${batch.id}`);
}
