import type { DecisionBody } from '@spillway/contracts';
import type { JobId } from '@spillway/core';
import type { Command } from 'commander';
import type { Cli } from '../cli.ts';
import { decisionText } from '../output/decision-text.ts';
import { parseJobId } from '../parse-values.ts';
import { openSession } from '../session.ts';

export function registerExplain(program: Command, cli: Cli): void {
  program
    .command('explain')
    .description('why a job went where it went')
    .argument('<job>', 'its id', parseJobId)
    .action(async (id: JobId, _options: unknown, command: Command) => {
      const { connect, output, signal } = openSession(cli, command);
      const decisions = await connect().decisions(id, { signal });
      output.result({ object: 'list', data: decisions }, () => allText(decisions, output.style));
    });
}

const allText = (decisions: readonly DecisionBody[], style: Parameters<typeof decisionText>[1]): string =>
  decisions.length === 0
    ? 'no decision about this job is stored: the scheduler has not come to it yet'
    : decisions.map((decision) => decisionText(decision, style)).join('\n\n');
