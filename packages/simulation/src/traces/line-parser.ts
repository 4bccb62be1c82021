import type { Result } from '@spillway/core';
import type { TraceFormat, TraceRecord } from './trace-record.ts';

/** A line's request; `no-answer`: the request failed when it was recorded, and nobody knows how long its answer was. */
export type ParsedLine = Result<TraceRecord | 'no-answer', string>;

/** Reads the lines of one trace after it has seen the first one. */
export interface LineParser {
  /** The first line names columns and holds no request. */
  readonly hasHeader: boolean;
  /** A mistake says what is wrong with the line, without quoting it: a wrong file may hold anything. */
  parse(line: string): ParsedLine;
}

export interface LineFormat {
  readonly name: TraceFormat;
  /** What its first line looks like, for people. */
  readonly sample: string;
  /** The parser for a trace that begins with this line; undefined: it is no trace of this kind. */
  open(firstLine: string): LineParser | undefined;
}

/** The most tokens one request may have, and the latest instant: beyond either a file is not what it says. */
export const MOST_TOKENS = 10_000_000;
export const LATEST_MS = 8.64e15;
