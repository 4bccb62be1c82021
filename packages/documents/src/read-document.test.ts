import { describe, expect, test } from 'vitest';
import { MAX_DOCUMENT_BYTES, MAX_TEXT_BYTES, type DocumentProblem } from './document.ts';
import { readDocument, sha256Hex } from './read-document.ts';

const utf8 = (text: string): Uint8Array => new TextEncoder().encode(text);
const latin1 = (text: string): Uint8Array => Uint8Array.from(Buffer.from(text, 'latin1'));

async function textOf(name: string, content: string | Uint8Array): Promise<string> {
  const read = await readDocument({ name, bytes: typeof content === 'string' ? utf8(content) : content });
  return read.ok ? `${read.value.format}: ${read.value.text}` : `${read.error.code}: ${read.error.detail}`;
}

async function codeOf(name: string, content: string | Uint8Array): Promise<DocumentProblem['code'] | 'read'> {
  const read = await readDocument({ name, bytes: typeof content === 'string' ? utf8(content) : content });
  return read.ok ? 'read' : read.error.code;
}

describe('what is read', () => {
  test.each([
    ['a.txt', 'Hello.\r\nThere.\r', 'txt: Hello.\nThere.'],
    ['a.MD', '# Hello', 'md: # Hello'],
    ['a.html', '<h1>Hello</h1><p>There</p>', 'html: Hello\n\nThere'],
    ['a.htm', '<b>Hello</b>', 'html: Hello'],
    ['a.csv', 'a,b\n1,2\n', 'csv: a,b\n1,2'],
    ['a.tsv', 'a\tb', 'csv: a\tb'],
    ['a.json', '{"a":\n 1}', 'json: {"a":\n 1}'],
    ['a.b.log', '12:00 up', 'txt: 12:00 up'],
    ['notes', 'Just text', 'txt: Just text'],
    ['notes.xyz', '  <!DOCTYPE html><p>Page</p>', 'html: Page'],
    ['notes', '<html lang="en"><p>Page</p>', 'html: Page'],
    ['notes', '[1, 2]', 'json: [1, 2]'],
    ['notes', '[draft] no list', 'txt: [draft] no list'],
    [
      'notes',
      'Subject: Hello\nFrom: a@example.com\n\nText',
      'eml: Subject: Hello\nFrom: a@example.com\n\nText',
    ],
    ['notes', 'From: here to there', 'txt: From: here to there'],
    ['notes', 'To: do\n\nFrom: then on', 'txt: To: do\n\nFrom: then on'],
    ['ümlaut.txt', 'größer, 漢字, 🚚', 'txt: größer, 漢字, 🚚'],
  ])('%s holding %j', async (name, content, expected) => {
    expect(await textOf(name, content)).toBe(expected);
  });

  test('byte order marks say the encoding and are not part of the text', async () => {
    const le = Buffer.from('\ufeffgröße', 'utf16le');
    expect(await textOf('a.txt', '\ufeffgröße')).toBe('txt: größe');
    expect(await textOf('a.txt', Uint8Array.from(le))).toBe('txt: größe');
    expect(await textOf('a.txt', Uint8Array.from(le.swap16()))).toBe('txt: größe');
  });

  test('the digest is that of the bytes as they came', async () => {
    const bytes = utf8('abc\r\n');
    const read = await readDocument({ name: 'a.txt', bytes });
    expect(read).toMatchObject({ ok: true, value: { text: 'abc', sha256: sha256Hex(bytes) } });
    expect(sha256Hex(utf8('abc'))).toBe('ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad');
  });
});

describe('what is refused', () => {
  test.each<[DocumentProblem['code'], string, string | Uint8Array]>([
    ['empty', 'a.txt', ''],
    ['empty', 'a.pdf', ''],
    ['empty', 'a.txt', ' \n\t\u00a0\n'],
    ['empty', 'a.json', '  '],
    ['empty', 'a.html', '<html><body><img src="scan.png"></body></html>'],
    ['not-text', 'a.txt', latin1('gr\u00f6\u00dfer')],
    ['not-text', 'a.txt', latin1('PLAIN\u0000TEXT')],
    ['not-text', 'a.csv', latin1('\u00ff\u00fea')],
    ['not-text', 'a.md', Uint8Array.from(Buffer.from('\ufeffa\0b', 'utf16le'))],
    ['not-text', 'a.json', latin1('{"a":"\u00e9"}')],
    ['not-text', 'a.html', latin1('<p>\u00e9</p>')],
    ['not-text', 'a', latin1('\u0080\u0081')],
    ['malformed', 'a.json', '{"readings": [1, 2'],
    ['too-complex', 'a.json', '['.repeat(3_000_000)],
    ['too-complex', 'a.html', '<div>'.repeat(100_000)],
    ['unsupported-format', 'a.txt', '%PDF-1.7'],
    ['unsupported-format', 'a.docx', latin1('PK\u0003\u0004\u0014\u0000')],
    ['unsupported-format', 'scan.png', latin1('\u0089PNG\r\n\u001a\n\u0000')],
    ['unsupported-format', 'scan.jpg', latin1('\u00ff\u00d8\u00ff\u00e0')],
    ['unsupported-format', 'a.txt.gz', latin1('\u001f\u008b\u0008')],
    ['unsupported-format', 'a.rtf', '{\\rtf1 hello}'],
    ['malformed', 'a.docx', latin1('\u0080\u0081\u0082')],
    ['too-large', 'a.html', new Uint8Array(MAX_DOCUMENT_BYTES + 1)],
    ['too-large', 'a.txt', 'a'.repeat(MAX_TEXT_BYTES + 1)],
    ['too-large', 'a.txt', '漢'.repeat(MAX_TEXT_BYTES / 3 + 1)],
  ])('%s: %s', async (code, name, content) => {
    expect(await codeOf(name, content)).toBe(code);
  });

  test('a text of just the size allowed is read', async () => {
    expect(await codeOf('a.txt', 'a'.repeat(MAX_TEXT_BYTES))).toBe('read');
  });

  test('a refusal says what came and what is read, and never quotes the document', async () => {
    expect(await textOf('a.txt', '%PDF-1.7 secret')).toBe(
      'unsupported-format: looks like a PDF; txt, md, html, csv, json, eml are read',
    );
    expect(await textOf('a.json', '{"secret": ')).not.toContain('secret');
  });
});
