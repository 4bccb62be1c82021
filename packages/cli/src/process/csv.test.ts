import { describe, expect, test } from 'vitest';
import { csvCell } from './csv-cell.ts';
import { csvColumns } from './csv-columns.ts';
import { failedLine, type OutLine } from './result-lines.ts';

describe('a cell', () => {
  test.each([
    ['text as it is', 'plain', 'plain'],
    ['quotes doubled, and line ends kept', 'say "hi",\nthen go', '"say ""hi"",\nthen go"'],
    ['blanks at the ends kept', ' a ', '" a "'],
    ['nothing for null', null, ''],
    ['nothing for what is not there', undefined, ''],
    ['a number', -4.5, '-4.5'],
    ['a truth', false, 'false'],
    ['nested values as JSON', { a: ['x', 1] }, '"{""a"":[""x"",1]}"'],
  ])('holds %s', (_what, value, cell) => {
    expect(csvCell(value)).toBe(cell);
  });

  test.each([
    '=1+1',
    '+cmd',
    '-2+3',
    '@SUM(A1)',
    '  =HYPERLINK("x")',
    '\t=1',
    '\r=1',
    '\n@x',
    '＝1+1',
    '-',
    '- a list item',
  ])('%j is no formula in any spreadsheet', (text) => {
    expect(csvCell(text)).toMatch(/^"?'/);
  });

  test.each(['-5', '+49', '-1,234.50', '1e-5', '-2.5E+3', '2026-01-31', 'a=b'])(
    '%j stays what it is',
    (text) => {
      expect(csvCell(text).replaceAll('"', '')).toBe(text);
    },
  );
});

const headers = (schema: Parameters<typeof csvColumns>[0]) => csvColumns(schema).map(({ header }) => header);

describe('the columns', () => {
  const line: OutLine = { ...failedLine('a.pdf', 'f00', { code: 'c', detail: 'd' }), pages: 3, chunks: 2 };
  const valuesOf = (schema: Parameters<typeof csvColumns>[0], output: OutLine['output']) =>
    csvColumns(schema).map(({ value }) => value({ ...line, output }));

  test('without properties to go by, the answer is one column', () => {
    const names = ['document', 'status', 'pages', 'chunks', 'output', 'error_code', 'error_detail'];
    expect(headers(undefined)).toEqual(names);
    expect(headers({ type: 'array' })).toEqual(names);
    expect(headers({ properties: {} })).toEqual(names);
    expect(valuesOf(undefined, 'text')).toEqual(['a.pdf', 'failed', 3, 2, 'text', 'c', 'd']);
  });

  test('the properties of the schema are columns, under names that cannot be mixed up with ours', () => {
    const schema = { properties: { status: {}, total: {}, toString: {} } };
    expect(headers(schema).slice(4, -2)).toEqual(['output.status', 'total', 'toString']);
    expect(valuesOf(schema, { status: 'paid', total: 3 }).slice(4, -2)).toEqual(['paid', 3, undefined]);
    expect(valuesOf(schema, null).slice(4, -2)).toEqual([undefined, undefined, undefined]);
  });
});
