import { expect, test } from 'vitest';
import { renderPrompt } from './render-prompt.ts';

const values = { document: 'Dear {{filename}}, $& and {{secret}}', filename: '{{document}}.txt' };

test('placeholders are filled in one pass: what a document brings stays text', () => {
  expect(renderPrompt('{{filename}}:\n{{ document }} ({{filename}})', values)).toEqual({
    ok: true,
    value: '{{document}}.txt:\nDear {{filename}}, $& and {{secret}} ({{document}}.txt)',
  });
});

test('an unknown placeholder is named, the first of several', () => {
  expect(renderPrompt('{{document}} {{file_name}} {{x}}', values)).toEqual({
    ok: false,
    error: {
      placeholder: 'file_name',
      detail: 'unknown placeholder {{file_name}}; there are {{document}} and {{filename}}',
    },
  });
  expect(renderPrompt('{{constructor}}', values).ok).toBe(false);
});

test('other braces are text', () => {
  const template = '{"a": {"b": {}}} {{}} {{1}} {{{{ {document} {{ document';
  expect(renderPrompt(template, values)).toEqual({ ok: true, value: template });
});
