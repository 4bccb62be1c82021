import type { InputMistake } from '@spillway/core';
import { createPacer } from '../give-way.ts';
import { createIndexWriter } from '../lines/line-index.ts';
import { type Line, splitLines } from '../lines/split-lines.ts';
import type { InputRules } from './input-rules.ts';
import { createLineJudge, type LineJudge } from './line-judge.ts';
import { type LineMistake, mistake } from './line-mistake.ts';
import { parseJsonLine } from './parse-json-line.ts';

export type InputVerdict =
  | {
      readonly kind: 'valid';
      readonly total: number;
      /** In the order of their first use; the first hundred. */
      readonly models: readonly string[];
    }
  /** The first hundred, in the order of the lines. */
  | { readonly kind: 'invalid'; readonly mistakes: readonly InputMistake[] };

export interface ValidateOptions {
  readonly signal: AbortSignal;
  /** Takes the index as it grows; of an invalid input it is of no use, and may be cut short. */
  readonly writeIndex: (chunk: Uint8Array) => Promise<void>;
}

/**
 * Reads an input once, in memory that does not grow with it (but for 18 to 54 bytes a line, to find ids that are used
 * twice), and tells every mistake in it, or what it holds. Rejects with the signal's reason when that aborts.
 */
export async function validateInput(
  source: AsyncIterable<Uint8Array>,
  rules: InputRules,
  { signal, writeIndex }: ValidateOptions,
): Promise<InputVerdict> {
  const mistakes: InputMistake[] = [];
  const judge = createLineJudge(rules);
  const index = createIndexWriter(writeIndex);
  const pacer = createPacer(signal);
  let total = 0;
  let end = 0;
  for await (const lines of splitLines(source, rules.mostLineBytes)) {
    for (const line of lines) {
      if (pacer.isDue()) await pacer.giveWay();
      if (total === rules.mostLines) return invalid([...mistakes, tooManyLines(rules.mostLines)]);
      total += 1;
      for (const found of judgeLine(line, total, judge, rules)) mistakes.push({ ...found, line: total });
      if (mistakes.length >= MOST_MISTAKES) return invalid(mistakes.slice(0, MOST_MISTAKES));
      end = line.next;
      index.add(line.start);
      if (index.isFull) await index.flush();
    }
  }
  signal.throwIfAborted();
  if (total === 0) return invalid([EMPTY_FILE]);
  if (mistakes.length > 0) return invalid(mistakes);
  index.add(end);
  await index.flush();
  return { kind: 'valid', total, models: [...judge.models] };
}

const MOST_MISTAKES = 100;

function judgeLine(
  { bytes, tooLong }: Line,
  number: number,
  judge: LineJudge,
  { mostLineBytes }: InputRules,
): readonly LineMistake[] {
  if (tooLong) {
    return [
      mistake('line_too_long', `The line is longer than ${mostLineBytes} bytes: make the request smaller.`),
    ];
  }
  const value = parseJsonLine(bytes);
  return value.ok ? judge.judge(value.value, bytes.length, number) : [value.error];
}

const invalid = (mistakes: readonly InputMistake[]): InputVerdict => ({ kind: 'invalid', mistakes });

const EMPTY_FILE: InputMistake = {
  ...mistake('empty_file', 'The file is empty: put one JSON object for each request on a line of its own.'),
  line: null,
};

const tooManyLines = (most: number): InputMistake => ({
  ...mistake('too_many_lines', `The file has more than ${most} lines: split it into several batches.`),
  line: most + 1,
});
