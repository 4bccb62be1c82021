type Header = string | string[] | undefined;

/**
 * How long the Retry-After of an answer asks to wait, in ms: seconds or an HTTP date. A date counts from the receiver's own
 * `Date`, so that neither its clock nor ours need be right; from ours where it sent none. Undefined when there is none to
 * understand.
 */
export function parseRetryAfter(headers: Readonly<Record<string, Header>>): number | undefined {
  const value = first(headers['retry-after']);
  if (value === undefined) return undefined;
  if (/^\d{1,12}$/.test(value)) return Number(value) * 1000;
  const atMs = parseHttpDate(value);
  if (atMs === undefined) return undefined;
  return Math.max(0, atMs - (parseHttpDate(first(headers['date']) ?? '') ?? Date.now()));
}

const first = (header: Header): string | undefined => (Array.isArray(header) ? header[0] : header);

function parseHttpDate(text: string): number | undefined {
  // what Date.parse takes for a date but does not begin with a weekday ("-1", "1.5") is no HTTP date
  const atMs = /^[A-Z]/i.test(text) ? Date.parse(text) : Number.NaN;
  return Number.isNaN(atMs) ? undefined : atMs;
}
