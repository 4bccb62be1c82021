import { err, ok, type Result } from '@spillway/core';
import type { DocumentProblem } from './document.ts';
import { parseHeaderValue, type MimePart } from './mime-part.ts';

/** Decodes the text of a part: base64 or quoted-printable, then the character set it says, UTF-8 if it says none. */
export function decodeContent(part: MimePart): Result<string, DocumentProblem> {
  const charset = parseHeaderValue(part, 'content-type').parameters.get('charset')?.toLowerCase() ?? 'utf-8';
  const bytes = Buffer.from(transferDecoded(part), 'latin1');
  try {
    // UTF-8 that calls itself ASCII is common and means no harm.
    const decoder = new TextDecoder(/^(?:us-)?ascii$/u.test(charset) ? 'utf-8' : charset, { fatal: true });
    const text = decoder.decode(bytes);
    if (!text.includes('\0')) return ok(text.replaceAll(/\r\n?/gu, '\n'));
  } catch {
    return err({ code: 'not-text', detail: 'is not in the character set the mail says' });
  }
  return err({ code: 'not-text', detail: 'holds NUL characters, so it is binary data' });
}

function transferDecoded(part: MimePart): string {
  const encoding = parseHeaderValue(part, 'content-transfer-encoding').value;
  if (encoding === 'base64') return Buffer.from(part.body, 'base64').toString('latin1');
  if (encoding !== 'quoted-printable') return part.body;
  return part.body
    .replaceAll(/=[ \t]{0,8}\r?\n/gu, '')
    .replaceAll(/=([0-9a-f]{2})/giu, (_escape, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)));
}
