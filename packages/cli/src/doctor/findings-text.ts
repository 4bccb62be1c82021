import type { Output } from '../output/output.ts';
import { plainText } from '../output/plain-text.ts';
import type { Finding } from './finding.ts';
import type { DoctorReport } from './run-doctor.ts';

const MARK = {
  ok: ['green', '✔'],
  fallback: ['yellow', '~'],
  info: ['blue', 'i'],
  missing: ['red', '✖'],
} as const satisfies Record<Finding['status'], readonly [string, string]>;

/** The report for a person: one line per finding, what to do below it, and the verdict last. */
export function findingsText({ findings, can_run: canRun }: DoctorReport, style: Output['style']): string {
  const width = Math.max(...findings.map(({ name }) => name.length));
  const lines = findings.flatMap(({ name, status, detail, fix }) => {
    const [colour, mark] = MARK[status];
    const line = `${style(colour, mark)} ${name.padEnd(width)}  ${plainText(detail)}`;
    return fix === null
      ? [line]
      : [line, `  ${' '.repeat(width)}  ${style('dim', `→ ${indent(fix, width + 6)}`)}`];
  });
  const verdict = canRun
    ? style('green', 'The platform can run here: npm start')
    : style('red', 'The platform cannot run here until what is marked ✖ is done.');
  return [...lines, '', verdict].join('\n');
}

const indent = (text: string, columns: number): string =>
  text
    .split('\n')
    .map(plainText)
    .join(`\n${' '.repeat(columns)}`);
