import type { DecisionBody, ExplanationBody } from '@spillway/contracts';
import type { JobId } from '@spillway/core';
import type { Command } from 'commander';
import type { Cli } from '../cli.ts';
import { decisionText } from '../output/decision-text.ts';
import { formatCount } from '../output/format.ts';
import type { Output } from '../output/output.ts';
import { parseJobId } from '../parse-values.ts';
import { openSession, type GlobalFlags, type Session } from '../session.ts';
import { UsageError } from '../usage-error.ts';
import { createJobInput, type JobFlags } from './create-job-input.ts';
import { addJobFlags } from './job-flags.ts';
import { readPrompt } from './read-prompt.ts';

interface ExplainFlags extends JobFlags {
  readonly dryRun?: boolean;
}

export function registerExplain(program: Command, cli: Cli): void {
  const explain = program
    .command('explain')
    .description('why a job went where it went; with --dry-run, where one would go now')
    .argument('[job...]', 'its id; with --dry-run a prompt as "submit" takes it')
    .option('--dry-run', 'submit nothing: say what would happen to this job now');
  addJobFlags(explain).action(async (words: readonly string[], flags: ExplainFlags, command: Command) => {
    const session = openSession(cli, command);
    if (flags.dryRun === true) await explainInput(words, flags, session);
    else await explainJob(jobOf(words, flags), session);
  });
}

async function explainJob(id: JobId, { connect, output, signal }: Session): Promise<void> {
  const decisions = await connect().decisions(id, { signal });
  output.result({ object: 'list', data: decisions }, () => allText(decisions, output.style));
}

async function explainInput(words: readonly string[], flags: JobFlags, session: Session): Promise<void> {
  const input = createJobInput(await readPrompt(words, flags, session.context), flags);
  const { connect, output, signal } = session;
  const explanation = await connect().explain(input, { signal });
  output.result(explanation, () => explanationText(explanation, output.style));
}

/** The one job that is asked about; the options that describe another one are refused, not ignored. */
function jobOf(words: readonly string[], { dryRun: _dryRun, ...flags }: ExplainFlags & GlobalFlags): JobId {
  const [id, ...rest] = words;
  if (id === undefined || rest.length > 0) {
    throw new UsageError('give the id of one job; or a prompt with --dry-run');
  }
  if (Object.keys(flags).length > 0) {
    throw new UsageError('what describes a job goes with --dry-run; of a job that exists the id is enough');
  }
  return parseJobId(id);
}

const allText = (decisions: readonly DecisionBody[], style: Output['style']): string =>
  decisions.length === 0
    ? 'no decision about this job is stored: the scheduler has not come to it yet'
    : decisions.map((decision) => decisionText(decision, style)).join('\n\n');

function explanationText(explanation: ExplanationBody, style: Output['style']): string {
  const { decision, queue_position: position, estimated_finish_at: finishAt } = explanation;
  const parts = [
    ...(position === null ? [] : [`it would be number ${formatCount(position)} in line`]),
    ...(finishAt === null ? [] : [`ready at about ${finishAt}`]),
  ];
  const promise = parts.length === 0 ? '' : `: ${parts.join(', ')}`;
  return `${decisionText(decision, style)}\n\nnothing was submitted${promise}`;
}
