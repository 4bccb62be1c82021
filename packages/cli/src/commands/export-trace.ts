import { resolve } from 'node:path';
import { InvalidArgumentError, Option, type Command } from 'commander';
import type { Cli } from '../cli.ts';
import { EXIT } from '../exit-code.ts';
import { traceLines, type ExportCounts } from '../export-trace/trace-lines.ts';
import { writeTrace } from '../export-trace/write-trace.ts';
import { formatCount } from '../output/format.ts';
import { parseSeconds } from '../parse-values.ts';
import { openSession, type Session } from '../session.ts';

interface ExportFlags {
  readonly since?: Since;
  readonly out?: string;
  readonly tenantBy?: string;
}

type Since = { readonly agoMs: number } | { readonly atMs: number };

const PAGE = 100;
const HELP = `
A line per job that completed: when it came, its class, model, deadline, privacy
and tokens. No prompt, no answer, no id; the tenant is a pseudonym. The platform
keeps ended jobs for a day unless its configuration says otherwise, so export
every day to have a week.

Examples:
  spillway export-trace --out monday.jsonl.gz
  spillway export-trace --since 2h --tenant-by customer > two-hours.jsonl
  spillway simulate --trace monday.jsonl.gz --backends spillway.yaml`;

export function registerExportTrace(program: Command, cli: Cli): void {
  program
    .command('export-trace')
    .description('your finished jobs as a trace for `spillway simulate`, without a word of them')
    .addOption(
      new Option('--since <when>', 'only jobs accepted since then: 90m, 2h, 1d, or an instant').argParser(
        parseSince,
      ),
    )
    .option('-o, --out <file>', 'where the trace goes; gzipped if it ends in .gz (default: stdout)')
    .option('--tenant-by <key>', 'the metadata key that names your customers: each becomes a tenant')
    .addHelpText('after', HELP)
    .action(async (flags: ExportFlags, command: Command) => {
      await exportTrace(flags, openSession(cli, command));
    });
}

async function exportTrace({ since, out, tenantBy }: ExportFlags, session: Session): Promise<void> {
  const { connect, context, credentials, output, signal, finish } = session;
  const { apiKey } = credentials();
  const counts: ExportCounts = { written: 0, unfinished: 0, unanswered: 0 };
  const sinceMs =
    since === undefined ? undefined : 'atMs' in since ? since.atMs : context.nowMs() - since.agoMs;
  const jobs = connect().listAll({ limit: PAGE }, { signal });
  const file = out === undefined ? undefined : resolve(context.cwd, out);
  await writeTrace(traceLines(jobs, { apiKey, sinceMs, tenantBy }, counts), file, context);
  const left = [
    ...(counts.unfinished > 0 ? [`${formatCount(counts.unfinished)} not ended yet`] : []),
    ...(counts.unanswered > 0 ? [`${formatCount(counts.unanswered)} without an answer`] : []),
  ];
  output.note(
    `${formatCount(counts.written)} ${counts.written === 1 ? 'job' : 'jobs'}${left.length === 0 ? '' : `; left out: ${left.join(', ')}`}`,
  );
  if (file !== undefined) output.result({ object: 'trace_export', ...counts, out: file }, () => '');
  if (counts.written === 0) finish(EXIT.failed);
}

function parseSince(raw: string): Since {
  // a bare number would be seconds, and is more likely a mistake
  if (/^\d+[smhd]$/.test(raw)) return { agoMs: parseSeconds(raw) * 1000 };
  const atMs = /^\d{4}-\d\d-\d\d/.test(raw) ? Date.parse(raw) : Number.NaN;
  if (!Number.isNaN(atMs)) return { atMs };
  throw new InvalidArgumentError(
    'Give a length such as 90m, 2h or 1d, or an instant such as 2030-01-31T08:00:00Z.',
  );
}
