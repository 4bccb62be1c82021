import { createLogger, type Logger } from '@spillway/service-kit';

type LogLine = Readonly<Record<string, unknown>>;

export interface FollowedLog {
  readonly logger: Logger;
  /** Everything written, as it would stand in a log file. */
  readonly text: () => string;
  /** The first `count` lines of an event, once they are written. */
  first(count: number, event: string): Promise<readonly LogLine[]>;
}

/** A logger whose lines a test can wait for. */
export function followLog(): FollowedLog {
  const lines: string[] = [];
  const waiting = new Set<() => void>();
  const linesOf = (event: string): readonly LogLine[] =>
    lines.map((line) => JSON.parse(line) as LogLine).filter((line) => line['event'] === event);
  return {
    logger: createLogger('test', {
      level: 'info',
      write: (line) => {
        lines.push(line);
        for (const look of waiting) look();
      },
    }),
    text: () => lines.join(''),
    first: (count, event) =>
      new Promise((resolve) => {
        const look = (): void => {
          const found = linesOf(event);
          if (found.length < count) return;
          waiting.delete(look);
          resolve(found.slice(0, count));
        };
        waiting.add(look);
        look();
      }),
  };
}
