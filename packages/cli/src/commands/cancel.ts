import type { JobId } from '@spillway/core';
import type { Command } from 'commander';
import type { Cli } from '../cli.ts';
import { statusText } from '../output/job-text.ts';
import { parseJobId } from '../parse-values.ts';
import { openSession } from '../session.ts';

export function registerCancel(program: Command, cli: Cli): void {
  program
    .command('cancel')
    .description('end a job; one that has ended stays as it is')
    .argument('<job>', 'its id', parseJobId)
    .action(async (id: JobId, _options: unknown, command: Command) => {
      const { connect, output, signal } = openSession(cli, command);
      const job = await connect().cancel(id, { signal });
      output.result(job, () => `${job.id} ${statusText(job, output.style)}`);
    });
}
