import { ok, type Result } from '@spillway/core';
import type { BinaryKind } from './binary-kind.ts';
import { type DocumentProblem, type ExtractedText, refuse } from './document.ts';
import { docxText } from './docx/docx-text.ts';
import { openArchive } from './docx/open-archive.ts';
import { pdfText } from './pdf/pdf-text.ts';
import type { ReadOptions } from './read-options.ts';

type Read = Result<Omit<ExtractedText, 'sha256'>, DocumentProblem>;

/** Reads what its first bytes say is no text, where its format is among those asked for; else it is named and refused. */
export async function readBinary(
  name: string,
  bytes: Uint8Array,
  kind: BinaryKind,
  options: ReadOptions,
): Promise<Read> {
  const unsupported = (what: string): Read =>
    refuse('unsupported-format', `looks like ${what}; ${options.formats.join(', ')} are read`);
  if (kind.reader === 'pdf' && options.formats.includes('pdf')) {
    const read = await pdfText(bytes, options);
    return read.ok ? ok({ ...read.value, format: 'pdf' }) : read;
  }
  if (kind.reader === 'zip' && options.formats.includes('docx')) {
    const archive = await openArchive(bytes);
    if (!archive.ok) return /\.docx$/iu.test(name) ? archive : unsupported(kind.name);
    if (!archive.value.isDocx) return unsupported(archive.value.kind);
    const text = await docxText(archive.value);
    return text.ok ? ok({ text: text.value, format: 'docx' }) : text;
  }
  if (
    kind.reader === 'compound' &&
    Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).includes(ENCRYPTED)
  ) {
    return refuse('encrypted', 'an office document with a password; save it without one');
  }
  return unsupported(kind.name);
}

/** The name of the stream in which an office document with a password lies: MS-OFFCRYPTO 2.3.4.4. */
const ENCRYPTED = Buffer.from('EncryptedPackage', 'utf16le');
