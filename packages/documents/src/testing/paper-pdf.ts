import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import Sheets from 'pdfkit';

/** A sheet of A4 that fills from top to bottom, and goes on on the next. */
export interface Paper {
  heading(text: string): void;
  paragraph(text: string): void;
  table(rows: readonly (readonly string[])[]): void;
  newPage(): void;
}

export interface PaperOptions {
  readonly script?: 'latin' | 'other';
  /** Without it the PDF does not open. */
  readonly userPassword?: string;
  /** Without it the PDF opens, and may not be changed. */
  readonly ownerPassword?: string;
}

/** Sets a PDF; text beyond Latin in DejaVu Sans (a free font), of which it embeds the letters used. */
export async function paperPdf(
  write: (paper: Paper) => void,
  { script = 'latin', ...passwords }: PaperOptions = {},
): Promise<Uint8Array<ArrayBuffer>> {
  const document = new Sheets({
    size: 'A4',
    margin: 64,
    info: { CreationDate: new Date(0), Producer: 'Spillway examples', Creator: 'Spillway examples' },
    ...passwords,
  });
  const chunks: Buffer[] = [];
  document.on('data', (chunk: Buffer) => chunks.push(chunk));
  const ended = new Promise((resolve) => document.on('end', resolve));
  const { regular, bold } = script === 'latin' ? LATIN : dejaVu();
  document.registerFont('regular', regular).registerFont('bold', bold).font('regular').fontSize(11);
  write({
    heading: (text) =>
      void document.font('bold').fontSize(16).text(text).font('regular').fontSize(11).moveDown(),
    paragraph: (text) => void document.text(text).moveDown(),
    table: (rows) => void document.table({ data: rows.map((row) => [...row]) }).moveDown(),
    newPage: () => void document.addPage(),
  });
  document.end();
  await ended;
  return Uint8Array.from(Buffer.concat(chunks));
}

const LATIN = { regular: 'Helvetica', bold: 'Helvetica-Bold' };

const dejaVu = () => ({
  regular: fileAt(import.meta.resolve('dejavu-fonts-ttf/ttf/DejaVuSans.ttf')),
  bold: fileAt(import.meta.resolve('dejavu-fonts-ttf/ttf/DejaVuSans-Bold.ttf')),
});

const fileAt = (url: string): Buffer => readFileSync(fileURLToPath(url));
