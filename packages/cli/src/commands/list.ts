import type { ListQuery } from '@spillway/client';
import { JOB_STATUSES, type JobBody } from '@spillway/contracts';
import { JOB_CLASSES } from '@spillway/core';
import { Option, type Command } from 'commander';
import type { Cli } from '../cli.ts';
import { formatDuration } from '../output/format.ts';
import { servedByText, statusText } from '../output/job-text.ts';
import type { Output } from '../output/output.ts';
import { plainText } from '../output/plain-text.ts';
import { table } from '../output/table.ts';
import { parseBatchId, parseCount } from '../parse-values.ts';
import { openSession } from '../session.ts';

interface ListOptions extends Omit<ListQuery, 'batch_id' | 'after'> {
  readonly batch?: NonNullable<ListQuery['batch_id']>;
  readonly limit: number;
}

const PAGE = 100;

export function registerList(program: Command, cli: Cli): void {
  program
    .command('list')
    .description('the newest jobs')
    .addOption(new Option('--status <status>', 'only jobs of this status').choices(JOB_STATUSES))
    .addOption(new Option('--class <class>', 'only jobs of this class').choices(JOB_CLASSES))
    .addOption(new Option('--batch <id>', 'only jobs of this document batch').argParser(parseBatchId))
    .addOption(new Option('--limit <count>', 'at most this many').argParser(parseCount).default(20))
    .action(async ({ batch, limit, ...query }: ListOptions, command: Command) => {
      const { connect, output, signal, context } = openSession(cli, command);
      const jobs: JobBody[] = [];
      const found = connect().listAll(
        { ...query, limit: Math.min(limit, PAGE), ...(batch === undefined ? {} : { batch_id: batch }) },
        { signal },
      );
      for await (const job of found) {
        jobs.push(job);
        if (jobs.length === limit) break;
      }
      output.result({ object: 'list', data: jobs }, () => jobsText(jobs, context.nowMs(), output));
    });
}

function jobsText(jobs: readonly JobBody[], nowMs: number, { style }: Output): string {
  if (jobs.length === 0) return 'no jobs';
  const head = ['JOB', 'STATUS', 'CLASS', 'MODEL', 'AGE', 'SERVED BY'].map((name) => style('dim', name));
  const rows = jobs.map((job) => [
    job.id,
    statusText(job, style),
    job.class,
    plainText(job.model),
    formatDuration(Math.max(0, nowMs - Date.parse(job.created_at))),
    job.served_by === null ? '' : servedByText(job.served_by),
  ]);
  return table([head, ...rows]);
}
