import { bombDocx } from '../hostile-docx.ts';
import { nestedFormsPdf } from '../hostile-pdf.ts';
import { paperPdf } from '../paper-pdf.ts';
import { HELVETICA, onePagePdf, rawStream } from '../raw-pdf.ts';
import type { ExampleFile } from './example-file.ts';

/** What cannot be read, by mishap (10, 11) or by malice (12, 20). */
export const UNREADABLE: readonly ExampleFile[] = [
  {
    name: '10-salary-statement-locked.pdf',
    bytes: async () =>
      paperPdf((paper) => paper.paragraph('Salary statement for March 2025: 3,120.00 before tax.'), {
        userPassword: 'only-for-the-employee',
      }),
  },
  { name: '11-receipt-scan.pdf', bytes: () => onePagePdf(rawStream(receiptPicture()), HELVETICA) },
  { name: '12-brochure-without-end.pdf', bytes: nestedFormsPdf },
  { name: '20-manual-zip-bomb.docx', bytes: () => bombDocx(100) },
];

/** Lines of a receipt as a scanner sees them: rows of grey boxes, and not one letter. */
function receiptPicture(): string {
  const rows = Array.from({ length: 18 }, (_, row) =>
    Array.from(
      { length: 3 + (row % 4) },
      (_box, box) => `${70 + box * 62} ${740 - row * 26} ${30 + ((row * 7 + box * 13) % 24)} 9 re f`,
    ),
  );
  return `0.35 g\n${rows.flat().join('\n')}`;
}
