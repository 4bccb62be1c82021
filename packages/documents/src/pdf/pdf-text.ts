import { fileURLToPath } from 'node:url';
import type { PDFDocumentProxy } from 'pdfjs-dist';
import { ok, type Result } from '@spillway/core';
import { type DocumentProblem, refuse, type Refused } from '../document.ts';
import { pageText } from './page-text.ts';

export interface PdfText {
  /** The pages that have text, parted by blank lines. */
  readonly text: string;
  readonly pages: number;
}

/**
 * Reads the text of a PDF, page by page, and stops as soon as there is more of it than may be. Scripts, forms and
 * pictures are not looked at. Takes the bytes with it: they are empty afterwards.
 */
export async function pdfText(
  bytes: Uint8Array,
  { maxTextChars }: { readonly maxTextChars: number },
): Promise<Result<PdfText, DocumentProblem>> {
  const { getDocument, VerbosityLevel } = await import('pdfjs-dist/legacy/build/pdf.mjs');
  const opening = getDocument({
    data: bytes,
    verbosity: VerbosityLevel.ERRORS,
    // Fonts of East Asian documents are often named and not embedded: these tables say which code is which letter.
    cMapUrl: fileURLToPath(new URL('cmaps/', import.meta.resolve('pdfjs-dist/package.json'))),
    cMapPacked: true,
    useSystemFonts: false,
    disableFontFace: true,
    useWasm: false,
    enableXfa: false,
  });
  try {
    return await readPages(await opening.promise, maxTextChars);
  } catch (error) {
    return problemOf(error);
  } finally {
    await opening.destroy();
  }
}

async function readPages(
  pdf: PDFDocumentProxy,
  maxTextChars: number,
): Promise<Result<PdfText, DocumentProblem>> {
  const texts: string[] = [];
  let length = 0;
  for (let number = 1; number <= pdf.numPages; number += 1) {
    const page = await pdf.getPage(number);
    const { items } = await page.getTextContent();
    const text = pageText(items.filter((item) => 'str' in item));
    page.cleanup();
    length += text.length;
    if (length > maxTextChars) return refuse('too-large', `its text is above ${maxTextChars} characters`);
    if (text !== '') texts.push(text);
  }
  const { numPages: pages } = pdf;
  // A scan has none, and a font that names none of its letters gives none either.
  if (!texts.some((text) => /[\p{L}\p{N}]/u.test(text))) {
    return refuse(
      'image-only',
      `no text on its ${pages} page(s), as of a scan; run text recognition (OCR) first`,
    );
  }
  return ok({ text: texts.join('\n\n'), pages });
}

function problemOf(error: unknown): Refused {
  if (error instanceof RangeError) {
    return refuse('too-complex', 'its parts are nested too deep; print it to a new PDF');
  }
  return error instanceof Error && error.name === 'PasswordException'
    ? refuse('encrypted', 'the PDF has a password; save it without one')
    : refuse('malformed', 'the PDF is damaged or cut off; export or print it again');
}
