import type { Command } from 'commander';
import type { Cli } from '../cli.ts';
import { EXIT } from '../exit-code.ts';
import { findCredentials } from '../credentials.ts';
import { openSession, type GlobalFlags } from '../session.ts';

export function registerDoctor(program: Command, cli: Cli): void {
  program
    .command('doctor')
    .description('what this machine has for running Spillway, and what to do about what is missing')
    .action(async (_options: unknown, command: Command) => {
      const { context, output, finish, signal } = openSession(cli, command);
      // loaded here: no other command needs it, and it brings a YAML parser
      const { runDoctor, findingsText } = await import('../doctor/index.ts');
      const flags = command.optsWithGlobals<GlobalFlags>();
      const report = await runDoctor({
        env: context.env,
        cwd: context.cwd,
        signal,
        credentials: () => findCredentials(flags, context),
      });
      output.result({ object: 'doctor_report', ...report }, () => findingsText(report, output.style));
      if (!report.can_run) finish(EXIT.failed);
    });
}
