import { addressParser, decodeWords } from 'postal-mime';
import { ok, type Result } from '@spillway/core';
import { type DocumentProblem, refuse, type Refused } from './document.ts';
import { parseMimePart, type MimePart } from './mime-part.ts';
import { mimeText } from './mime-text.ts';

/**
 * Reads a mail (RFC 5322) as its headers that matter, its text, or its page where it has no text, and the names of its
 * attachments, which are not read. The parts are walked here and not by a library: postal-mime takes 8 µs a line and,
 * on a page of unclosed links beside a text, a minute for 900 KB.
 */
export function emailText(bytes: Uint8Array): Result<string, DocumentProblem> {
  if (bytes.includes(0)) return refuse('not-text', 'holds NUL bytes, so it is no mail');
  const raw = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString('latin1');
  const mail = parseMimePart(raw.replace(BYTE_ORDER_MARK, ''));
  if (mail === undefined) return malformed('has headers above 64 KiB');
  const headers = headerLines(mail);
  if (headers.length === 0) return malformed('has no mail headers');
  const read = mimeText(mail);
  if (!read.ok) return read;
  const { text, attachments } = read.value;
  if (text === '') return refuse('empty', 'the mail holds no text');
  const named = attachments.map((name) => `Attachment, not read: ${decodeWords(utf8(name))}`);
  return ok([headers.join('\n'), text, ...named].join('\n\n'));
}

/** That of UTF-8, its bytes written as Latin-1. */
const BYTE_ORDER_MARK = /^\u00ef\u00bb\u00bf/u;

function headerLines({ headers }: MimePart): string[] {
  const header = (name: string): string => utf8(headers.get(name) ?? '');
  return [
    line('Subject', decodeWords(header('subject'))),
    line('From', addresses(header('from'))),
    line('To', addresses(header('to'))),
    line('Cc', addresses(header('cc'))),
    line('Date', instant(header('date'))),
  ].flat();
}

const line = (name: string, value: string): string[] => (value === '' ? [] : [`${name}: ${value}`]);

const addresses = (header: string): string =>
  addressParser(header, { flatten: true })
    .map(({ name, address }) => (name === '' ? (address ?? '') : `${name} <${address ?? ''}>`))
    .join(', ');

function instant(header: string): string {
  const date = new Date(header);
  return Number.isNaN(date.getTime()) ? header : date.toISOString();
}

/** Headers may hold UTF-8 as it is (RFC 6532). */
const utf8 = (raw: string): string => Buffer.from(raw, 'latin1').toString('utf8');

const malformed = (detail: string): Refused => refuse('malformed', detail);
