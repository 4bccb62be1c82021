import type { Output } from '../output/output.ts';
import { plainText } from '../output/plain-text.ts';
import { adviceFor } from './advice.ts';
import type { OutLine } from './result-lines.ts';

const LONGEST_DETAIL = 160;

/** One line about a document that did not complete: which, why, what to do. */
export function failureLine({ document, status, error }: OutLine, style: Output['style']): string {
  const code = error?.code ?? status;
  const detail = plainText(error?.detail ?? `it was ${status}`);
  const why = detail.length > LONGEST_DETAIL ? `${detail.slice(0, LONGEST_DETAIL - 1)}…` : detail;
  const what = `${style('red', '✗')} ${plainText(document)}: ${why} ${style('dim', `[${plainText(code)}]`)}`;
  return `${what} ${style('dim', `→ ${adviceFor(code)}`)}`;
}
