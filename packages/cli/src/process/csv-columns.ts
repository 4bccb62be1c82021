import { isJsonObject, type JsonObject } from '@spillway/core';
import type { OutLine } from './result-lines.ts';

interface CsvColumn {
  readonly header: string;
  readonly value: (line: OutLine) => unknown;
}

const BEFORE = ['document', 'status', 'pages', 'chunks'] as const;
const AFTER = ['error_code', 'error_detail'] as const;
const OWN: ReadonlySet<string> = new Set([...BEFORE, ...AFTER]);

/**
 * The columns of a run's table: the document and how it ended, then the top-level properties of the schema, or the
 * whole answer as `output` where there are none. A property named like one of our own columns is `output.NAME`.
 */
export function csvColumns(schema: JsonObject | undefined): readonly CsvColumn[] {
  return [
    ...BEFORE.map((header) => ({ header, value: (line: OutLine) => line[header] })),
    ...answerColumns(schema),
    { header: AFTER[0], value: ({ error }) => error?.code },
    { header: AFTER[1], value: ({ error }) => error?.detail },
  ];
}

function answerColumns(schema: JsonObject | undefined): readonly CsvColumn[] {
  const properties = schema?.['properties'];
  const names = isJsonObject(properties) ? Object.keys(properties) : [];
  if (names.length === 0) return [{ header: 'output', value: ({ output }) => output }];
  return names.map((name) => ({
    header: OWN.has(name) ? `output.${name}` : name,
    value: ({ output }) => (isJsonObject(output) && Object.hasOwn(output, name) ? output[name] : undefined),
  }));
}
