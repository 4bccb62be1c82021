import { ok, type Result } from '@spillway/core';
import { type DocumentProblem, refuse, type Refused } from './document.ts';
import { htmlText } from './html-text.ts';
import { decodeContent } from './mime-content.ts';
import {
  parseHeaderValue,
  parseMimePart,
  splitMultipart,
  type HeaderValue,
  type MimePart,
} from './mime-part.ts';

/** What a part holds for a reader: its text, and the names of what is not read. */
interface MimeText {
  readonly text: string;
  readonly attachments: readonly string[];
}

type Read = Result<MimeText, DocumentProblem>;

/**
 * Reads the text of a part and of those inside it, 16 deep and 1,000 in a row at most. Of alternatives the first that
 * has text counts, plain text before pages.
 */
export function mimeText(part: MimePart, depth = 0): Read {
  const type = parseHeaderValue(part, 'content-type');
  const disposition = parseHeaderValue(part, 'content-disposition');
  if (disposition.value === 'attachment') return attachment(type, disposition);
  if (depth >= MAX_DEPTH) return refuse('too-complex', `has parts nested deeper than ${MAX_DEPTH}`);
  if (type.value === '' || type.value === 'text/plain') return plain(decodeContent(part));
  if (type.value === 'text/html') return page(decodeContent(part));
  if (type.value === 'message/rfc822') return inner(part.body, depth);
  const boundary = type.parameters.get('boundary') ?? '';
  if (!type.value.startsWith('multipart/')) return attachment(type, disposition);
  if (boundary === '') return malformed('has parts, but does not say what parts them');
  return multipart(splitMultipart(part.body, boundary), type.value, depth);
}

const MAX_DEPTH = 16;
const MAX_PARTS = 1000;

function multipart(raws: readonly string[], type: string, depth: number): Read {
  if (raws.length > MAX_PARTS) return refuse('too-complex', `has more than ${MAX_PARTS} parts`);
  const parts: { readonly read: MimeText; readonly isPage: boolean }[] = [];
  for (const raw of raws) {
    const part = parseMimePart(raw);
    if (part === undefined) return malformed('has headers above 64 KiB');
    const read = mimeText(part, depth + 1);
    if (!read.ok) return read;
    parts.push({ read: read.value, isPage: parseHeaderValue(part, 'content-type').value === 'text/html' });
  }
  const attachments = parts.flatMap(({ read }) => read.attachments);
  const withText = parts.filter(({ read }) => read.text !== '');
  if (type === 'multipart/alternative') {
    const chosen = withText.find(({ isPage }) => !isPage) ?? withText[0];
    return ok({ text: chosen?.read.text ?? '', attachments });
  }
  return ok({ text: withText.map(({ read }) => read.text).join('\n\n'), attachments });
}

function inner(raw: string, depth: number): Read {
  const part = parseMimePart(raw);
  if (part === undefined) return malformed('has headers above 64 KiB');
  return mimeText(part, depth + 1);
}

const plain = (text: Result<string, DocumentProblem>): Read =>
  text.ok ? ok({ text: text.value.trim(), attachments: [] }) : text;

const page = (html: Result<string, DocumentProblem>): Read => (html.ok ? plain(htmlText(html.value)) : html);

const attachment = (type: HeaderValue, disposition: HeaderValue): Read => {
  const name = disposition.parameters.get('filename') ?? type.parameters.get('name') ?? type.value;
  return ok({ text: '', attachments: [name === '' ? 'without a name' : name] });
};

const malformed = (detail: string): Refused => refuse('malformed', detail);
