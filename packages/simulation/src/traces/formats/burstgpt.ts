import { err, ok } from '@spillway/core';
import { readColumns, tokensOf } from '../columns.ts';
import { LATEST_MS, type LineFormat } from '../line-parser.ts';
import { traceName } from '../trace-name.ts';

/** BurstGPT: models and kinds of use beside times and tokens. Session and time taken are only in its later files. */
export const burstgpt: LineFormat = {
  name: 'burstgpt',
  sample: 'Timestamp,Session ID,Elapsed time,Model,Request tokens,Response tokens,Total tokens,Log Type',
  open: (firstLine) => {
    const rowOf = readColumns(firstLine, [
      'Timestamp',
      'Model',
      'Request tokens',
      'Response tokens',
      'Log Type',
    ]);
    if (rowOf === undefined) return undefined;
    return {
      hasHeader: true,
      parse: (line) => {
        const row = rowOf(line);
        if (!row.ok) return row;
        const seconds = row.value('Timestamp') === '' ? Number.NaN : Number(row.value('Timestamp'));
        const atMs = seconds * 1000;
        if (!(atMs >= 0 && atMs <= LATEST_MS)) return err('Timestamp must be seconds since the trace began');
        const inputTokens = tokensOf(row.value('Request tokens'), 'Request tokens');
        if (!inputTokens.ok) return inputTokens;
        const outputTokens = tokensOf(row.value('Response tokens'), 'Response tokens');
        if (!outputTokens.ok) return outputTokens;
        if (outputTokens.value === 0) return ok('no-answer');
        const [model, session] = [row.value('Model'), row.value('Session ID')];
        return ok({
          atMs,
          inputTokens: inputTokens.value,
          outputTokens: outputTokens.value,
          task: row.value('Log Type').startsWith('API') ? 'api' : 'conversation',
          ...(model === '' ? {} : { model: model.slice(0, 256) }),
          ...(session === '' ? {} : { key: traceName(session) }),
        });
      },
    };
  },
};
