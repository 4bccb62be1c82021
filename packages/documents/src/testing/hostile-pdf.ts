import { deflateSync } from 'node:zlib';
import { HELVETICA, onePagePdf, rawStream } from './raw-pdf.ts';

/**
 * A PDF of 3 KB whose page shows a form that shows the next one ten times over, twelve deep: 10¹² words to read. Every
 * viewer that shows all of it hangs.
 */
export function nestedFormsPdf(): Uint8Array<ArrayBuffer> {
  const depth = 12;
  const forms = Array.from({ length: depth }, (_, index) => {
    const isLast = index === depth - 1;
    const inner = isLast ? 'BT /F1 9 Tf 20 20 Td (again ) Tj ET' : '/X Do '.repeat(10);
    const next = isLast ? HELVETICA : `/XObject << /X ${index + 6} 0 R >>`;
    return rawStream(inner, `/Type /XObject /Subtype /Form /BBox [0 0 595 842] /Resources << ${next} >>`);
  });
  return onePagePdf(rawStream('/X Do'), '/XObject << /X 5 0 R >>', forms);
}

/** A PDF of a few KB whose page unfolds, in two steps of compression, to so many MiB of blanks. */
export function deflatedPdf(mebibytes: number): Uint8Array<ArrayBuffer> {
  const once = deflateSync(Buffer.alloc(mebibytes * 1024 * 1024, ' '), { level: 9 });
  const twice = deflateSync(once, { level: 9 });
  return onePagePdf(rawStream(twice, '/Filter [/FlateDecode /FlateDecode]'), HELVETICA);
}
