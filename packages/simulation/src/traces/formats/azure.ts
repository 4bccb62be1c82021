import { err, ok } from '@spillway/core';
import { readColumns, tokensOf } from '../columns.ts';
import type { LineFormat } from '../line-parser.ts';

/** Azure Public Dataset, LLM inference of 2023 and 2024: one line a request, nothing but times and tokens. */
export const azure: LineFormat = {
  name: 'azure',
  sample: 'TIMESTAMP,ContextTokens,GeneratedTokens',
  open: (firstLine) => {
    const rowOf = readColumns(firstLine, ['TIMESTAMP', 'ContextTokens', 'GeneratedTokens']);
    if (rowOf === undefined) return undefined;
    return {
      hasHeader: true,
      parse: (line) => {
        const row = rowOf(line);
        if (!row.ok) return row;
        const atMs = instantOf(row.value('TIMESTAMP'));
        if (Number.isNaN(atMs)) return err('TIMESTAMP must look like 2023-11-16 18:15:46.6805900');
        const inputTokens = tokensOf(row.value('ContextTokens'), 'ContextTokens');
        if (!inputTokens.ok) return inputTokens;
        const outputTokens = tokensOf(row.value('GeneratedTokens'), 'GeneratedTokens');
        if (!outputTokens.ok) return outputTokens;
        if (outputTokens.value === 0) return ok('no-answer');
        return ok({ atMs, inputTokens: inputTokens.value, outputTokens: outputTokens.value });
      },
    };
  },
};

const INSTANT = /^(\d{4}-\d\d-\d\d)[ T](\d\d:\d\d:\d\d)(\.\d{1,9})?(Z|[+-]\d\d:?\d\d)?$/;

/** UTC where no zone is given; the parts of a millisecond stay, as arrivals come in bursts. */
function instantOf(cell: string): number {
  const [, day, time, fraction = '0', zone = 'Z'] = INSTANT.exec(cell) ?? [];
  return Date.parse(`${day}T${time}${zone}`) + Number(fraction) * 1000;
}
