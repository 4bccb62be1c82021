import { createHash } from 'node:crypto';
import { err, ok, type Result } from '@spillway/core';
import { binaryKind } from './binary-kind.ts';
import { decodeText } from './decode-text.ts';
import { formatOf } from './document-format.ts';
import {
  DOCUMENT_FORMATS,
  MAX_DOCUMENT_BYTES,
  MAX_TEXT_BYTES,
  type DocumentFormat,
  type DocumentProblem,
  type DocumentText,
} from './document.ts';
import { emailText } from './email-text.ts';
import { htmlText } from './html-text.ts';

export interface Document {
  /** The file's name; its extension says the format, and where it does not, the content does. */
  readonly name: string;
  readonly bytes: Uint8Array;
}

/** Reads a document as text; one that cannot be read is a problem of that document, never a rejection. */
export async function readDocument(document: Document): Promise<Result<DocumentText, DocumentProblem>> {
  const { name, bytes } = document;
  if (bytes.length === 0) return problem('empty', 'the document has no content');
  if (bytes.length > MAX_DOCUMENT_BYTES) return problem('too-large', `above ${MAX_DOCUMENT_BYTES} bytes`);
  const binary = binaryKind(bytes);
  if (binary !== undefined) {
    return problem('unsupported-format', `looks like ${binary}; ${DOCUMENT_FORMATS.join(', ')} are read`);
  }
  const decoded = decodeText(bytes);
  const format = formatOf(name, decoded.ok ? decoded.value : '');
  // Mail says its own character sets, so its bytes need not be UTF-8.
  const extracted = format === 'eml' ? emailText(bytes) : extract(format, decoded);
  if (!extracted.ok) return extracted;
  const text = extracted.value.trim();
  if (text === '') return problem('empty', 'the document holds no text');
  if (Buffer.byteLength(text) > MAX_TEXT_BYTES) {
    return problem('too-large', `its text is above ${MAX_TEXT_BYTES} bytes`);
  }
  return ok({ text, format, sha256: sha256Hex(bytes) });
}

/** The digest by which a document is named in results, whether it could be read or not. */
export const sha256Hex = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex');

type Text = Result<string, DocumentProblem>;

function extract(format: Exclude<DocumentFormat, 'eml'>, decoded: Text): Text {
  if (!decoded.ok) return decoded;
  if (format === 'html') return htmlText(decoded.value);
  return format === 'json' ? parsedJson(decoded.value) : decoded;
}

/** JSON is handed on as it was written, but only whole: a cut-off export would be answered as if it were complete. */
function parsedJson(text: string): Text {
  if (text.trim() === '') return ok('');
  try {
    JSON.parse(text);
    return ok(text);
  } catch {
    return problem('malformed', 'does not parse as JSON; it may be cut off');
  }
}

const problem = (code: DocumentProblem['code'], detail: string): { ok: false; error: DocumentProblem } =>
  err({ code, detail });
