import { writeFile } from 'node:fs/promises';
import { AGREEMENTS } from './examples/agreements.ts';
import { INVOICES } from './examples/invoices.ts';
import { LETTERS } from './examples/letters.ts';
import { MINUTES } from './examples/minutes.ts';
import { REPORT } from './examples/report.ts';
import { UNREADABLE } from './examples/unreadable.ts';

// Writes the PDF and Word documents of examples/mixed anew; those that are text are kept there as they are.
const folder = new URL('../../../../examples/mixed/', import.meta.url);
for (const file of [...INVOICES, ...LETTERS, ...AGREEMENTS, ...MINUTES, ...REPORT, ...UNREADABLE]) {
  const bytes = await file.bytes();
  await writeFile(new URL(file.name, folder), bytes);
  process.stdout.write(`${file.name} ${bytes.length}\n`);
}
