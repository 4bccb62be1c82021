import { expect, test } from 'vitest';
import { labelOf } from './label-of.ts';

test.each([
  ['input.jsonl', 'input.jsonl'],
  ['../../etc/passwd', 'passwd'],
  ['C:\\temp\\a.txt', 'a.txt'],
  ['dir/', 'file'],
  ['', 'file'],
  ['  ', 'file'],
  ['a\u0000b\r\nc\u001b[31m.txt', 'abc[31m.txt'],
  ['invoice\u202Etxt.exe', 'invoicetxt.exe'],
  ['日本語 été.jsonl', '日本語 été.jsonl'],
  ['\ud800.txt', '\ufffd.txt'],
  ['x'.repeat(300), 'x'.repeat(255)],
  ['😀'.repeat(300), '😀'.repeat(255)],
])('%j is called %j', (name, label) => {
  expect(labelOf(name)).toBe(label);
});
