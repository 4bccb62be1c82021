/** One object of a PDF: what stands between `obj` and `endobj`, as Latin-1. */
type RawObject = string;

/** Writes a PDF of just these objects, numbered from 1; the first is the catalog. Nothing in it is checked. */
function rawPdf(objects: readonly RawObject[]): Uint8Array<ArrayBuffer> {
  let body = '%PDF-1.7\n%\u00e2\u00e3\u00cf\u00d3\n';
  const offsets = objects.map((object, index) => {
    const offset = body.length;
    body += `${index + 1} 0 obj\n${object}\nendobj\n`;
    return `${String(offset).padStart(10, '0')} 00000 n \n`;
  });
  const size = objects.length + 1;
  const trailer = `trailer\n<< /Size ${size} /Root 1 0 R >>\nstartxref\n${body.length}\n%%EOF\n`;
  const file = `${body}xref\n0 ${size}\n0000000000 65535 f \n${offsets.join('')}${trailer}`;
  return Uint8Array.from(Buffer.from(file, 'latin1'));
}

/** A stream object; `entries` stand in its dictionary beside the length. */
export const rawStream = (content: Uint8Array | string, entries = ''): RawObject => {
  const data = typeof content === 'string' ? content : Buffer.from(content).toString('latin1');
  return `<< /Length ${data.length} ${entries} >>\nstream\n${data}\nendstream`;
};

/** A PDF of one page that shows this stream, object 4, with these resources; more objects are numbered from 5. */
export const onePagePdf = (
  content: RawObject,
  resources: string,
  more: readonly RawObject[] = [],
): Uint8Array<ArrayBuffer> =>
  rawPdf([
    '<< /Type /Catalog /Pages 2 0 R >>',
    '<< /Type /Pages /Kids [3 0 R] /Count 1 >>',
    `<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R /Resources << ${resources} >> >>`,
    content,
    ...more,
  ]);

export const HELVETICA = '/Font << /F1 << /Type /Font /Subtype /Type1 /BaseFont /Helvetica >> >>';

/** A PDF of one page with a line of Japanese each, in a font that every reader has to bring along. */
export function japanesePdf(lines: readonly string[]): Uint8Array<ArrayBuffer> {
  const shown = lines.map((line) => `<${Buffer.from(line, 'utf16le').swap16().toString('hex')}> Tj T*`);
  const font = [
    '<< /Type /Font /Subtype /Type0 /BaseFont /HeiseiMin-W3 /Encoding /UniJIS-UTF16-H /DescendantFonts [6 0 R] >>',
    '<< /Type /Font /Subtype /CIDFontType0 /BaseFont /HeiseiMin-W3 /FontDescriptor 7 0 R /DW 1000' +
      ' /CIDSystemInfo << /Registry (Adobe) /Ordering (Japan1) /Supplement 6 >> >>',
    '<< /Type /FontDescriptor /FontName /HeiseiMin-W3 /Flags 6 /ItalicAngle 0 /Ascent 857 /Descent -143' +
      ' /CapHeight 718 /StemV 80 /FontBBox [-123 -257 1001 910] >>',
  ];
  const page = `BT /F1 12 Tf 18 TL 64 760 Td ${shown.join('\n')} ET`;
  return onePagePdf(rawStream(page), '/Font << /F1 5 0 R >>', font);
}
