import { Command } from 'commander';
import type { Cli } from './cli.ts';
import { registerBatch } from './commands/batch.ts';
import { registerCancel } from './commands/cancel.ts';
import { registerDoctor } from './commands/doctor.ts';
import { registerExplain } from './commands/explain.ts';
import { registerExportTrace } from './commands/export-trace.ts';
import { registerKeys } from './commands/keys.ts';
import { registerList } from './commands/list.ts';
import { registerProcess } from './commands/process.ts';
import { registerSimulate } from './commands/simulate.ts';
import { registerStatus } from './commands/status.ts';
import { registerSubmit } from './commands/submit.ts';
import { registerWait } from './commands/wait.ts';
import { EXIT_HELP } from './exit-code.ts';

/** The whole command line; it throws CommanderError where commander would end the process. */
export function createProgram(cli: Cli): Command {
  const { stdout, stderr } = cli.context;
  const program = new Command('spillway')
    .description('Asynchronous inference: one GPU first, the cloud when it overflows.')
    .version('0.1.0')
    .exitOverride()
    .configureOutput({
      writeOut: (text) => {
        stdout.write(text);
      },
      writeErr: (text) => {
        stderr.write(text);
      },
      getOutHelpWidth: () => stdout.columns ?? 80,
      getErrHelpWidth: () => stderr.columns ?? 80,
      getOutHasColors: () => stdout.isTTY === true && !cli.context.env['NO_COLOR'],
      getErrHasColors: () => stderr.isTTY === true && !cli.context.env['NO_COLOR'],
      // errors are printed once, by runCli: as text or, with --json, as JSON
      outputError: () => undefined,
    })
    .option('--url <url>', 'where the platform listens (SPILLWAY_URL)')
    .option('--api-key <key>', 'the key to use (SPILLWAY_API_KEY)')
    .option('--json', 'exactly one JSON document on stdout; errors as JSON on stderr')
    .option('-q, --quiet', 'no remarks on stderr')
    .addHelpText('after', EXIT_HELP);
  for (const register of [
    registerSubmit,
    registerStatus,
    registerWait,
    registerCancel,
    registerList,
    registerExplain,
    registerProcess,
    registerBatch,
    registerSimulate,
    registerExportTrace,
    registerKeys,
    registerDoctor,
  ]) {
    register(program, cli);
  }
  return program;
}
