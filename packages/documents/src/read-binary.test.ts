import { zipSync } from 'fflate';
import { describe, expect, test } from 'vitest';
import { DOCUMENT_FORMATS } from './document.ts';
import { readDocument } from './read-document.ts';
import { DEFAULT_READ_OPTIONS } from './read-options.ts';
import { docxArchive, docxFile } from './testing/docx-file.ts';
import { paperPdf } from './testing/paper-pdf.ts';
import { bombDocx, declaring, entityDocx, nestedDocx } from './testing/hostile-docx.ts';
import { HELVETICA, japanesePdf, onePagePdf, rawStream } from './testing/raw-pdf.ts';

const options = { ...DEFAULT_READ_OPTIONS, formats: DOCUMENT_FORMATS };

async function read(name: string, bytes: Uint8Array): Promise<unknown> {
  const result = await readDocument({ name, bytes }, options);
  if (!result.ok) return `${result.error.code}: ${result.error.detail}`;
  const { format, pages, text } = result.value;
  return pages === undefined ? `${format}: ${text}` : `${format} of ${pages}: ${text}`;
}

const twoPages = await paperPdf((paper) => {
  paper.heading('Minutes');
  paper.paragraph('The fence is to be painted. '.repeat(8));
  paper.paragraph('Nobody objected.');
  paper.newPage();
  paper.table([
    ['Item', 'Price'],
    ['Paint', '40.00'],
    ['Brush', '9.50'],
  ]);
});

describe('a PDF', () => {
  test('is its pages and paragraphs, parted by blank lines, and the cells of its tables by bars', async () => {
    const text = await read('a.pdf', twoPages.slice());
    expect(text).toMatch(
      /^pdf of 2: Minutes\n\nThe fence is .*painted\.\n\nNobody objected\.\n\nItem \| Price\n/su,
    );
    expect(text).toContain('Paint | 40.00\nBrush | 9.50');
  });

  test('in a script whose font is named and not embedded is read', async () => {
    expect(await read('a.pdf', japanesePdf(['会議のお知らせ', '日時：四月二日']))).toBe(
      'pdf of 1: 会議のお知らせ\n日時：四月二日',
    );
  });

  test('is told by its bytes, whatever its name', async () => {
    expect(await read('notes.txt', twoPages.slice())).toMatch(/^pdf of 2/u);
    expect(await read('notes.pdf', new TextEncoder().encode('Only text'))).toBe('txt: Only text');
  });

  test('that allows reading and forbids changes is read', async () => {
    const pdf = await paperPdf((paper) => paper.paragraph('Read only'), { ownerPassword: 'owner' });
    expect(await read('a.pdf', pdf)).toBe('pdf of 1: Read only');
  });

  test('with a password is refused as encrypted', async () => {
    const pdf = await paperPdf((paper) => paper.paragraph('Secret'), { userPassword: 'user' });
    expect(await read('a.pdf', pdf)).toBe('encrypted: the PDF has a password; save it without one');
  });

  test('without text is refused as a scan', async () => {
    const pdf = onePagePdf(rawStream('1 0 0 rg 50 50 100 100 re f'), HELVETICA);
    expect(await read('a.pdf', pdf)).toBe(
      'image-only: no text on its 1 page(s), as of a scan; run text recognition (OCR) first',
    );
  });

  test.each([
    ['cut off', twoPages.slice(0, twoPages.length / 2)],
    ['a first line and nothing else', new TextEncoder().encode('%PDF-1.7\n')],
  ])('%s is refused as damaged', async (_case, bytes) => {
    expect(await read('a.pdf', bytes)).toBe(
      'malformed: the PDF is damaged or cut off; export or print it again',
    );
  });

  test('with more text than may be is refused', async () => {
    const result = await readDocument(
      { name: 'a.pdf', bytes: twoPages.slice() },
      { ...options, maxTextChars: 50 },
    );
    expect(result).toMatchObject({ ok: false, error: { code: 'too-large' } });
  });
});

describe('a Word document', () => {
  test('is its headings, paragraphs, lists and tables', async () => {
    const docx = docxFile([
      { heading: 'Protokół' },
      'Present: Ada & Ben <late>.',
      { list: ['paint', 'brushes'] },
      {
        table: [
          ['Item', 'Price'],
          ['Paint', '40.00'],
        ],
      },
      '以上',
    ]);
    expect(await read('a.docx', docx)).toBe(
      'docx: Protokół\n\nPresent: Ada & Ben <late>.\n\n- paint\n- brushes\n\nItem | Price\nPaint | 40.00\n\n以上',
    );
    expect(await read('notes', docx)).toMatch(/^docx: /u);
  });

  test('of any length is read whole', async () => {
    const lines = Array.from({ length: 3000 }, (_, index) => `Paragraph ${index} of the long report.`);
    expect(await read('a.docx', docxFile(lines))).toBe(`docx: ${lines.join('\n\n')}`);
  });

  test.each([
    ['unpacks to far more than a document holds', 'too-complex', bombDocx(70)],
    ['unpacks to a thousand times its size', 'too-complex', bombDocx(2)],
    ['unpacks to more than it declares', 'too-complex', declaring(bombDocx(20), 100)],
    ['declares more than it unpacks to', 'malformed', declaring(docxFile(['short']), 900_000)],
    ['defines entities by entities', 'too-complex', entityDocx()],
    ['nests tables 300 deep', 'too-complex', nestedDocx(300)],
    ['nests tables 10,000 deep', 'too-complex', nestedDocx(10_000)],
    ['is cut off', 'malformed', docxFile(['cut']).slice(0, 300)],
    ['is no XML', 'malformed', docxArchive('no XML')],
  ])('that %s is refused', async (_case, code, bytes) => {
    expect(await read('a.docx', bytes)).toMatch(new RegExp(`^${code}: `, 'u'));
  });

  test('with a password is refused as encrypted', async () => {
    const head = Buffer.from('\u00d0\u00cf\u0011\u00e0\u00a1\u00b1\u001a\u00e1', 'latin1');
    const bytes = Buffer.concat([head, Buffer.alloc(512), Buffer.from('EncryptedPackage', 'utf16le')]);
    expect(await read('a.docx', bytes)).toMatch(/^encrypted: /u);
    expect(await read('a.doc', bytes.subarray(0, 100))).toMatch(/^unsupported-format: .*older office/u);
  });

  test('and another archive are told apart', async () => {
    const files = { 'xl/workbook.xml': new Uint8Array(1) };
    expect(await read('a.docx', zipSync(files))).toMatch(/^unsupported-format: looks like a workbook/u);
    expect(await read('a.zip', zipSync({ 'a.txt': new Uint8Array(1) }))).toMatch(
      /^unsupported-format: looks like a ZIP/u,
    );
  });
});

test('without being asked for, neither is read', async () => {
  for (const bytes of [twoPages.slice(), docxFile(['text'])]) {
    expect(await readDocument({ name: 'a', bytes })).toMatchObject({
      ok: false,
      error: { code: 'unsupported-format' },
    });
  }
});
