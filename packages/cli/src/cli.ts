import type { CliContext } from './context.ts';
import type { ExitCode } from './exit-code.ts';

/** What a command's registration gets: its surroundings, and a place for the exit code. */
export interface Cli {
  readonly context: CliContext;
  readonly finish: (code: ExitCode) => void;
}
