import { styleText } from 'node:util';
import type { CliContext, OutputStream } from '../context.ts';

type Style = Parameters<typeof styleText>[0];

/** Where a command says things: results on stdout, everything else on stderr. */
export interface Output {
  readonly json: boolean;
  /** Whether remarks are shown at all. */
  readonly talkative: boolean;
  /** The one result: with --json its value, else its text; an empty text prints nothing. */
  result(value: unknown, text: () => string): void;
  /** A remark for a person; silent with --quiet and --json. */
  note(text: string): void;
  /** Colours for the result's text. */
  readonly style: (style: Style, text: string) => string;
  /** Colours for remarks. */
  readonly noteStyle: (style: Style, text: string) => string;
}

/** The output of one command run. */
export function createOutput(
  context: CliContext,
  flags: { readonly json: boolean; readonly quiet: boolean },
): Output {
  const talkative = !flags.json && !flags.quiet;
  return {
    json: flags.json,
    talkative,
    style: styleFor(context, context.stdout),
    noteStyle: styleFor(context, context.stderr),
    result: (value, text) => {
      const printed = flags.json ? JSON.stringify(value, undefined, 2) : text();
      if (printed !== '') context.stdout.write(printed.endsWith('\n') ? printed : `${printed}\n`);
    },
    note: (text) => {
      if (talkative) context.stderr.write(`${text}\n`);
    },
  };
}

/** Colours when the stream is a terminal, unless NO_COLOR says otherwise (https://no-color.org). */
export function styleFor({ env }: CliContext, stream: OutputStream): Output['style'] {
  const isPlain = Boolean(env['NO_COLOR']) || env['TERM'] === 'dumb' || stream.isTTY !== true;
  return (style, text) => (isPlain ? text : styleText(style, text, { validateStream: false }));
}
