import { SpillwayError } from '@spillway/client';
import { CommanderError } from 'commander';
import type { CliContext } from './context.ts';
import { EXIT, type ExitCode } from './exit-code.ts';
import { styleFor } from './output/output.ts';
import { plainText } from './output/plain-text.ts';
import { createProgram } from './program.ts';
import { UsageError } from './usage-error.ts';

/** Runs one command line (without the interpreter's two words) and resolves with its exit code; never rejects. */
export async function runCli(args: readonly string[], context: CliContext): Promise<ExitCode> {
  let exitCode: ExitCode = EXIT.ok;
  const json = args.includes('--json');
  const program = createProgram({
    context,
    finish: (code) => {
      exitCode = code;
    },
  });
  try {
    await program.parseAsync(args, { from: 'user' });
    return exitCode;
  } catch (error) {
    const failure = describe(error, context.signal);
    if (failure === undefined) return EXIT.ok;
    if (json) context.stderr.write(`${JSON.stringify({ error: failure.body })}\n`);
    else context.stderr.write(`${styleFor(context, context.stderr)('red', 'spillway:')} ${failure.text}\n`);
    return failure.exitCode;
  }
}

interface Failure {
  readonly exitCode: ExitCode;
  readonly text: string;
  readonly body: { readonly code: string; readonly message: string; readonly status?: number };
}

function describe(error: unknown, signal: AbortSignal): Failure | undefined {
  if (error instanceof CommanderError) {
    if (error.exitCode === 0) return undefined;
    const message = error.message.replace(/^error: /, '');
    // commander's own "help" exit, after it has shown the help of a command group that was given no command
    const text = error.code === 'commander.help' ? 'name one of these commands' : message;
    return { exitCode: EXIT.usage, text, body: { code: 'usage', message: text } };
  }
  if (error instanceof UsageError) {
    return { exitCode: EXIT.usage, text: error.message, body: { code: 'usage', message: error.message } };
  }
  if (error instanceof SpillwayError) {
    const { code, detail: message, status } = error;
    const exitCode = code === 'unfinished' ? EXIT.unfinished : EXIT.platform;
    const text = [`${plainText(message)} [${code}]`, ...mistakes(error)].join('\n  ');
    return { exitCode, text, body: { code, message, ...(status === undefined ? {} : { status }) } };
  }
  if (signal.aborted) {
    const message = 'interrupted';
    return { exitCode: EXIT.interrupted, text: message, body: { code: 'interrupted', message } };
  }
  // a bug of ours: the stack is what helps
  const message = error instanceof Error ? (error.stack ?? error.message) : String(error);
  return { exitCode: EXIT.platform, text: message, body: { code: 'internal', message } };
}

/** The fields that were refused, where the message does not name them. */
const mistakes = ({ detail, errors }: SpillwayError): readonly string[] =>
  errors
    .filter(({ path }) => path !== '' && !detail.includes(path))
    .map(({ path, message }) => `${plainText(path)}: ${plainText(message)}`);
