import type { CliContext } from '../context.ts';
import type { Output } from './output.ts';

export interface LiveLine {
  /** Columns of the terminal; `undefined` when there is none. */
  readonly columns: () => number | undefined;
  /** Draws the line anew, if it changed. */
  show(line: string): void;
  /** Lines that stay, above it. */
  print(lines: readonly string[]): void;
  /** Leaves the line as it is. */
  end(): void;
}

/** A line on stderr that is drawn over and over on a terminal; elsewhere each is a line of its own. */
export function createLiveLine({ stderr }: CliContext, { talkative }: Output): LiveLine {
  const isTerminal = talkative && stderr.isTTY === true;
  let shown = '';
  return {
    columns: () => (isTerminal ? (stderr.columns ?? 80) : undefined),
    show: (line) => {
      if (!talkative || line === shown) return;
      shown = line;
      stderr.write(isTerminal ? `\r\u001b[K${line}` : `${line}\n`);
    },
    print: (lines) => {
      if (!talkative || lines.length === 0) return;
      stderr.write(`${isTerminal ? '\r\u001b[K' : ''}${lines.join('\n')}\n`);
      // below them it is drawn anew
      if (isTerminal) shown = '';
    },
    end: () => {
      if (isTerminal && shown !== '') stderr.write('\n');
      shown = '';
    },
  };
}
