import { basename } from 'node:path';
import { err, ok, type Result } from '@spillway/core';
import { azure } from './formats/azure.ts';
import { burstgpt } from './formats/burstgpt.ts';
import { mooncake } from './formats/mooncake.ts';
import { spillway } from './formats/spillway.ts';
import { vtc } from './formats/vtc.ts';
import type { LineFormat, LineParser } from './line-parser.ts';
import { openLines, UnreadableLines } from './open-lines.ts';
import type { TraceFormat, TraceRecord } from './trace-record.ts';

/** A trace in memory: requests by arrival, the first at 0. */
export interface Trace {
  readonly name: string;
  readonly format: TraceFormat;
  readonly records: readonly TraceRecord[];
  /** Requests that got no answer when they were recorded. */
  readonly leftOut: number;
}

export interface ReadTraceOptions {
  /** Recognised by the first line unless given. */
  readonly format?: TraceFormat | undefined;
  /** Requests read at most, in the order of the file: 10 million unless given. */
  readonly maxRequests?: number | undefined;
  readonly signal?: AbortSignal | undefined;
}

/** Own traces first: the most particular. */
const FORMATS: readonly LineFormat[] = [spillway, azure, burstgpt, mooncake, vtc];
const MAX_REQUESTS = 10_000_000;

/**
 * Reads a trace file, gzipped or not, line by line. Fails with `file:line: what is wrong and what to do`; nothing of
 * the file's content stands in that text.
 */
export async function readTrace(
  path: string,
  options: ReadTraceOptions = {},
): Promise<Result<Trace, string>> {
  const name = basename(path);
  try {
    return await collect(path, name, options);
  } catch (error) {
    options.signal?.throwIfAborted();
    if (error instanceof UnreadableLines) return err(`${name}:${error.line}: ${error.message}`);
    if (!isSystemError(error)) throw error;
    return err(`${path} cannot be read: ${SYSTEM[error.code] ?? error.code}`);
  }
}

async function collect(
  path: string,
  name: string,
  { format, signal, maxRequests = MAX_REQUESTS }: ReadTraceOptions,
): Promise<Result<Trace, string>> {
  const records: TraceRecord[] = [];
  let leftOut = 0;
  let opened: { readonly parser: LineParser; readonly format: TraceFormat } | undefined;
  for await (const [number, text] of openLines(path, signal)) {
    if (opened === undefined) {
      // files that a spreadsheet saved begin with a byte order mark, which the decoder has taken away
      const found = recognise(text, format);
      if (found === undefined) return err(`${name}:${number}: ${unrecognised(format)}`);
      opened = found;
      if (opened.parser.hasHeader) continue;
    }
    const parsed = opened.parser.parse(text);
    if (!parsed.ok) return err(`${name}:${number}: ${parsed.error}. Correct the line or take it out.`);
    if (parsed.value === 'no-answer') leftOut += 1;
    else records.push(parsed.value);
    if (records.length >= maxRequests) break;
  }
  if (opened === undefined || records.length === 0)
    return err(`${name} holds no request. Give a trace with at least one.`);
  return ok({ name, format: opened.format, records: fromZero(records), leftOut });
}

function recognise(
  firstLine: string,
  format: TraceFormat | undefined,
): { readonly parser: LineParser; readonly format: TraceFormat } | undefined {
  for (const candidate of FORMATS) {
    if (format !== undefined && candidate.name !== format) continue;
    const parser = candidate.open(firstLine);
    if (parser !== undefined) return { parser, format: candidate.name };
  }
  return undefined;
}

function unrecognised(format: TraceFormat | undefined): string {
  const known = FORMATS.filter(({ name }) => format === undefined || name === format);
  const samples = known.map(({ name, sample }) => `\n  ${name}: ${sample}`).join('');
  return `this is not how a trace begins. The first line must look like${known.length > 1 ? ' one of' : ''}:${samples}`;
}

function fromZero(records: readonly TraceRecord[]): readonly TraceRecord[] {
  const sorted = records.toSorted((one, other) => one.atMs - other.atMs);
  const firstMs = sorted[0]?.atMs ?? 0;
  return sorted.map((record) => ({ ...record, atMs: record.atMs - firstMs }));
}

const SYSTEM: Readonly<Record<string, string>> = {
  ENOENT: 'there is no such file',
  EISDIR: 'it is a folder',
  EACCES: 'its permissions forbid it',
};

const isSystemError = (error: unknown): error is Error & { readonly code: string } =>
  error instanceof Error && 'syscall' in error && 'code' in error && typeof error.code === 'string';
