import type { JobId } from '@spillway/core';
import type { Command } from 'commander';
import type { Cli } from '../cli.ts';
import { jobText } from '../output/job-text.ts';
import { parseJobId } from '../parse-values.ts';
import { openSession } from '../session.ts';

export function registerStatus(program: Command, cli: Cli): void {
  program
    .command('status')
    .description('where a job stands')
    .argument('<job>', 'its id', parseJobId)
    .action(async (id: JobId, _options: unknown, command: Command) => {
      const { connect, output, signal } = openSession(cli, command);
      const job = await connect().get(id, { signal });
      output.result(job, () => jobText(job, output.style));
    });
}
