/** A mail or a part of one (RFC 2045), not decoded yet: every character of `body` is a byte. */
export interface MimePart {
  readonly headers: ReadonlyMap<string, string>;
  readonly body: string;
}

export interface HeaderValue {
  /** In lower case: `text/plain`, `attachment`, `base64`; empty where the header is missing. */
  readonly value: string;
  readonly parameters: ReadonlyMap<string, string>;
}

/** Parts headers from body at the first empty line; `undefined` where the headers are above 64 KiB. */
export function parseMimePart(raw: string): MimePart | undefined {
  const end = raw.startsWith('\n') || raw.startsWith('\r\n') ? 0 : raw.search(/\n\r?\n/u);
  const head = end === -1 ? raw : raw.slice(0, end);
  if (head.length > MAX_HEAD_BYTES) return undefined;
  return {
    headers: parseHeaders(head),
    body: end === -1 ? '' : raw.slice(end).replace(/^\r?\n(?:\r?\n)?/u, ''),
  };
}

/** Reads a header of the form `value; name=parameter`, such as Content-Type. */
export function parseHeaderValue(part: MimePart, name: string): HeaderValue {
  const header = (part.headers.get(name) ?? '').slice(0, MAX_STRUCTURED_LENGTH);
  const parameters = new Map<string, string>();
  for (const [, key = '', quoted, plain = ''] of header.matchAll(PARAMETER)) {
    parameters.set(key.toLowerCase(), quoted?.replaceAll(/\\(.)/gu, '$1') ?? plain);
  }
  return { value: (/^[^;]*/u.exec(header)?.[0] ?? '').trim().toLowerCase(), parameters };
}

/** The parts between the lines `--boundary`, up to the line `--boundary--` or the end. */
export function splitMultipart(body: string, boundary: string): string[] {
  const parts: string[] = [];
  const text = `\n${body}`;
  let start = -1;
  for (const line of boundaryLines(text, `\n--${boundary}`)) {
    if (start !== -1) parts.push(text.slice(start + 1, line.at).replace(/\r$/u, ''));
    if (line.isLast) return parts;
    start = line.end;
  }
  return start === -1 ? parts : [...parts, text.slice(start + 1)];
}

/** Each line that is the boundary and no longer one, from the `\n` before it to its own, with which the next may begin. */
function* boundaryLines(text: string, line: string): Generator<{ at: number; end: number; isLast: boolean }> {
  for (let at = text.indexOf(line); at !== -1; at = text.indexOf(line, at + line.length)) {
    const lineEnd = text.indexOf('\n', at + line.length);
    const end = lineEnd === -1 ? text.length : lineEnd;
    // Blanks may follow, and nobody writes a hundred of them.
    const rest = text.slice(at + line.length, Math.min(end, at + line.length + 100)).trimEnd();
    if (rest === '' || rest === '--') yield { at, end, isLast: rest === '--' };
  }
}

const MAX_HEAD_BYTES = 64 * 1024;
const MAX_STRUCTURED_LENGTH = 2000;
const PARAMETER = /;\s*([a-z0-9*_-]+)\s*=\s*(?:"((?:[^"\\]|\\.)*)"|([^;\s]*))/giu;

/** Of a header that stands twice the first counts; a line that is no header is left out. */
function parseHeaders(head: string): ReadonlyMap<string, string> {
  const headers = new Map<string, string>();
  for (const line of head.replaceAll(/\r?\n[ \t]+/gu, ' ').split(/\r?\n/u)) {
    const colon = line.indexOf(':');
    const name = line.slice(0, Math.max(colon, 0)).toLowerCase();
    if (/^[!-9;-~]+$/u.test(name) && !headers.has(name)) headers.set(name, line.slice(colon + 1).trim());
  }
  return headers;
}
