import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { createLogger, listenForShutdown } from '@spillway/service-kit';
import { resultsTable, summaryLines } from './demo-report.ts';
import { runDemo } from './run-demo.ts';

const { values } = parseArgs({
  options: { json: { type: 'boolean', default: false }, help: { type: 'boolean' } },
});
if (values.help) {
  process.stdout.write(
    'npm run demo [-- --json]\n\nRuns the whole platform on the documents in examples/documents.\n',
  );
  process.exit(0);
}

// With --json standard output holds one JSON object; everything said on the way goes to standard error.
const out = values.json ? process.stderr : process.stdout;
let drawn = false;
const say = (line: string, transient = false): void => {
  const erase = drawn && out.isTTY ? '\r\u001B[2K' : '';
  drawn = transient;
  out.write(`${erase}  ${line}${transient && out.isTTY ? '' : '\n'}`);
};
const shutdown = listenForShutdown(process, createLogger('demo', { level: 'silent' }));

try {
  say('Spillway demo');
  const { report, results } = await runDemo({
    documentsDir: fileURLToPath(new URL('../../../examples/documents', import.meta.url)),
    env: process.env,
    signal: shutdown,
    say,
    columns: out.isTTY ? out.columns : undefined,
  });
  if (drawn) say('');
  if (values.json) process.stdout.write(`${JSON.stringify(report)}\n`);
  else out.write(`\n${resultsTable(results)}\n\n${summaryLines(report)}\n\nNothing is left running.\n`);
  const unexpected = report.expired + report.cancelled > 0 || report.completed === 0;
  if (unexpected || !report.webhook.verified) process.exitCode = 1;
} catch (error) {
  process.stderr.write(
    `\nThe demo did not finish: ${error instanceof Error ? error.message : String(error)}\n`,
  );
  process.exitCode = shutdown.aborted ? 130 : 1;
}
