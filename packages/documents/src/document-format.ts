import type { DocumentFormat } from './document.ts';

/** The format a file's extension promises, or, of an extension we do not know, what its text looks like. */
export function formatOf(name: string, text: string): DocumentFormat {
  const extension = /\.([a-z0-9]{1,10})$/u.exec(name.toLowerCase())?.[1] ?? '';
  return FORMAT_BY_EXTENSION.get(extension) ?? sniff(text);
}

const FORMAT_BY_EXTENSION: ReadonlyMap<string, DocumentFormat> = new Map([
  ['txt', 'txt'],
  ['text', 'txt'],
  ['log', 'txt'],
  ['md', 'md'],
  ['markdown', 'md'],
  ['html', 'html'],
  ['htm', 'html'],
  ['xhtml', 'html'],
  ['csv', 'csv'],
  ['tsv', 'csv'],
  ['json', 'json'],
  ['eml', 'eml'],
]);

function sniff(text: string): DocumentFormat {
  const head = text.slice(0, 1000).trimStart();
  if (/^(?:<!doctype html|<html[\s>])/iu.test(head)) return 'html';
  if (isMailHead(head)) return 'eml';
  return /^[[{]/u.test(head) && isJson(text) ? 'json' : 'txt';
}

/** Two of the headers every mail has, before the first empty line and with nothing before them. */
function isMailHead(head: string): boolean {
  const headers = head.split('\n\n', 1).join();
  return MAIL_HEADER.test(headers) && [...headers.matchAll(MAIL_HEADERS)].length >= 2;
}

const MAIL_HEADER = /^[a-z][a-z-]{1,40}: /iu;
const MAIL_HEADERS = /^(?:from|to|subject|date|message-id): /gimu;

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}
