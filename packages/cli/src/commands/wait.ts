import type { JobId } from '@spillway/core';
import { Option, type Command } from 'commander';
import type { Cli } from '../cli.ts';
import { statusText } from '../output/job-text.ts';
import { parseJobId, parseSeconds } from '../parse-values.ts';
import { openSession } from '../session.ts';
import { reportFinished } from './report-finished.ts';

export function registerWait(program: Command, cli: Cli): void {
  program
    .command('wait')
    .description('wait for a job to end and print its answer')
    .argument('<job>', 'its id', parseJobId)
    .addOption(
      new Option('--timeout <seconds>', 'the longest to wait').argParser(parseSeconds).default(600, '10m'),
    )
    .action(async (id: JobId, { timeout }: { readonly timeout: number }, command: Command) => {
      const session = openSession(cli, command);
      const { connect, output, signal } = session;
      const job = await connect().waitUntilFinished(id, {
        timeoutMs: timeout * 1000,
        signal,
        onStatus: (seen) => {
          output.note(`${seen.id} ${statusText(seen, output.noteStyle)}`);
        },
      });
      reportFinished(job, session);
    });
}
