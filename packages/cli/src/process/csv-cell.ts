/**
 * A value as one cell of RFC 4180: text as it is, anything else as JSON, nothing for null. A text that a spreadsheet
 * would run as a formula gets an apostrophe in front (https://owasp.org/www-community/attacks/CSV_Injection).
 */
export function csvCell(value: unknown): string {
  if (value === null || value === undefined) return '';
  const text = typeof value === 'string' ? harmless(value) : JSON.stringify(value);
  return /[",\r\n]|^\s|\s$/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}

const PLAIN_NUMBER = /^[+-]?\d+(?:[.,]\d+)*(?:e[+-]?\d+)?$/i;
/** Also behind blanks, and in full width: some programs drop the one and fold the other. */
const FORMULA = /^(?:\s*[=+\-@＝＋－＠]|[\t\r\n])/u;

const harmless = (text: string): string =>
  FORMULA.test(text) && !PLAIN_NUMBER.test(text) ? `'${text}` : text;
