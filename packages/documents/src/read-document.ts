import { createHash } from 'node:crypto';
import { ok, type Result } from '@spillway/core';
import { binaryKind } from './binary-kind.ts';
import { decodeText } from './decode-text.ts';
import { formatOf } from './document-format.ts';
import {
  type DocumentFormat,
  type DocumentProblem,
  type ExtractedText,
  refuse,
  type Refused,
} from './document.ts';
import { emailText } from './email-text.ts';
import { htmlText } from './html-text.ts';
import { jsonText } from './json-text.ts';
import { readBinary } from './read-binary.ts';
import { DEFAULT_READ_OPTIONS, type ReadOptions } from './read-options.ts';

export interface Document {
  /** The file's name; where the first bytes do not tell the format, its extension does, and then the content. */
  readonly name: string;
  readonly bytes: Uint8Array;
}

/**
 * Reads a document as text; one that cannot be read is a problem of that document, never a rejection. Without options
 * only the formats that are text are read: a PDF or DOCX can run away, and belongs in an extractor.
 */
export async function readDocument(
  { name, bytes }: Document,
  options: ReadOptions = DEFAULT_READ_OPTIONS,
): Promise<Result<ExtractedText, DocumentProblem>> {
  if (bytes.length === 0) return refuse('empty', 'the document has no content');
  if (bytes.length > options.maxDocumentBytes) {
    return refuse('too-large', `above ${options.maxDocumentBytes} bytes`);
  }
  // Before the readers: they may take the bytes with them.
  const sha256 = sha256Hex(bytes);
  const binary = binaryKind(bytes);
  const read =
    binary === undefined ? readText(name, bytes, options) : await readBinary(name, bytes, binary, options);
  if (!read.ok) return read;
  const text = read.value.text.trim();
  if (text === '') return refuse('empty', 'the document holds no text');
  if (text.length > options.maxTextChars) {
    return tooLong(options.maxTextChars);
  }
  if (Buffer.byteLength(text) > options.maxTextBytes) {
    return refuse('too-large', `its text is above ${options.maxTextBytes} bytes`);
  }
  return ok({ ...read.value, text, sha256 });
}

/** The digest by which a document is named in results, whether it could be read or not. */
export const sha256Hex = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex');

type Read = Result<Omit<ExtractedText, 'sha256'>, DocumentProblem>;

function readText(name: string, bytes: Uint8Array, { maxTextChars }: ReadOptions): Read {
  const decoded = decodeText(bytes);
  const format = formatOf(name, decoded.ok ? decoded.value : '');
  if (!decoded.ok && /\.(?:pdf|docx)$/iu.test(name)) {
    return refuse(
      'malformed',
      'its name says PDF or DOCX and its first bytes do not; save or export it again',
    );
  }
  // Markup may be far longer than its text; what is text as it stands need not be parsed to be too long.
  if (decoded.ok && format !== 'html' && format !== 'eml' && decoded.value.trim().length > maxTextChars) {
    return tooLong(maxTextChars);
  }
  // Mail says its own character sets, so its bytes need not be UTF-8.
  const extracted = format === 'eml' ? emailText(bytes) : extract(format, decoded);
  return extracted.ok ? ok({ text: extracted.value, format }) : extracted;
}

const tooLong = (maxTextChars: number): Refused =>
  refuse('too-large', `its text is above ${maxTextChars} characters; split it`);

type Text = Result<string, DocumentProblem>;

function extract(format: Exclude<DocumentFormat, 'eml'>, decoded: Text): Text {
  if (!decoded.ok) return decoded;
  if (format === 'html') return htmlText(decoded.value);
  return format === 'json' ? jsonText(decoded.value) : decoded;
}
