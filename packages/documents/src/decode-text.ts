import { ok, type Result } from '@spillway/core';
import { type DocumentProblem, refuse, type Refused } from './document.ts';

/**
 * Decodes UTF-8, or UTF-16 behind its byte order mark, and refuses anything else rather than guess: a wrong guess
 * reaches the model as nonsense. Line ends become `\n`.
 */
export function decodeText(bytes: Uint8Array): Result<string, DocumentProblem> {
  const encoding = utf16Of(bytes) ?? 'utf-8';
  let text: string;
  try {
    text = new TextDecoder(encoding, { fatal: true }).decode(bytes);
  } catch {
    return notText(`is not ${encoding.toUpperCase()} text; save it as UTF-8`);
  }
  if (text.includes('\0')) return notText('holds NUL characters, so it is binary data');
  return ok(text.replaceAll(/\r\n?/gu, '\n'));
}

function utf16Of([first, second]: Uint8Array): 'utf-16le' | 'utf-16be' | undefined {
  if (first === 0xff && second === 0xfe) return 'utf-16le';
  return first === 0xfe && second === 0xff ? 'utf-16be' : undefined;
}

const notText = (detail: string): Refused => refuse('not-text', detail);
