import { pino, type Logger as PinoLogger } from 'pino';
import { blankPrivate } from './blank-private.ts';
import { formatPretty } from './format-pretty.ts';
import { describeError } from './describe-error.ts';

export const LOG_LEVELS = ['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent'] as const;
export type LogLevel = (typeof LOG_LEVELS)[number];

/** One wide event: what happened as `noun.verb`, and fields instead of sentences. */
export interface LogEvent {
  readonly event: `${string}.${string}`;
  readonly [field: string]: unknown;
}

export interface Logger {
  debug(event: LogEvent): void;
  info(event: LogEvent): void;
  warn(event: LogEvent): void;
  error(event: LogEvent): void;
  fatal(event: LogEvent): void;
  /** An info line that stands at any level: whoever started this process waits for it. */
  announce(event: LogEvent): void;
  /** The same log with fields that stand in every line. */
  child(fields: Readonly<Record<string, unknown>>): Logger;
}

export interface LoggerOptions {
  readonly level: LogLevel;
  /** Lines for people instead of JSON. */
  readonly pretty?: boolean;
  /** Where a line goes, newline included; without it, standard output. */
  readonly write?: (line: string) => void;
}

/** JSON lines on standard output, one event each; credentials and what clients send or get are blanked out. */
export function createLogger(service: string, { level, pretty = false, write }: LoggerOptions): Logger {
  const toStdout = pino.destination({ dest: 1, sync: true });
  const sink = write ?? ((line: string) => void toStdout.write(line));
  const logger = pino(
    {
      level,
      base: { service },
      timestamp: pino.stdTimeFunctions.isoTime,
      formatters: {
        level: (label) => ({ level: label }),
        log: blankPrivate,
      },
      serializers: { err: describeError, error: describeError, cause: describeError },
    },
    pretty ? { write: (line: string) => sink(formatPretty(line)) } : { write: sink },
  );
  return withBlankedChildren(logger);
}

/** pino formats the fields of each line, yet not those a child is made with. */
const withBlankedChildren = (logger: PinoLogger): Logger => ({
  debug: (event) => logger.debug(event),
  info: (event) => logger.info(event),
  warn: (event) => logger.warn(event),
  error: (event) => logger.error(event),
  fatal: (event) => logger.fatal(event),
  announce: (event) => logger.child({}, { level: 'info' }).info(event),
  child: (fields) => withBlankedChildren(logger.child(blankPrivate(fields))),
});
