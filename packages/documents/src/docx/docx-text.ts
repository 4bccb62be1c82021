import { zipSync } from 'fflate';
import type { Result } from '@spillway/core';
import { type DocumentProblem, refuse } from '../document.ts';
import { htmlText } from '../html-text.ts';
import type { Archive, XmlParts } from './open-archive.ts';

/**
 * Reads a Word document by way of the page it would be: paragraphs parted by blank lines, list items by a dash, cells
 * of a row by a bar. Its library sees only XML that we unpacked within limits, packed anew without compression.
 */
export async function docxText(archive: Archive): Promise<Result<string, DocumentProblem>> {
  const parts = await archive.xmlParts();
  if (!parts.ok) return parts;
  if (declaresEntities(parts.value)) {
    return refuse('too-complex', 'its XML declares entities, which no word processor writes');
  }
  let html: string;
  try {
    html = await toHtml(parts.value);
  } catch (error) {
    return error instanceof RangeError
      ? refuse('too-complex', 'its parts are nested too deep; simplify it or export it as PDF')
      : refuse('malformed', 'the document is damaged; open it in its program and save it again');
  }
  return htmlText(html, { denseCells: true });
}

/** Office Open XML forbids document types (ECMA-376, part 2): only an attack has one. */
const declaresEntities = (parts: XmlParts): boolean =>
  Object.values(parts).some((xml) =>
    Buffer.from(xml.buffer, xml.byteOffset, xml.length).includes('<!DOCTYPE'),
  );

async function toHtml(parts: XmlParts): Promise<string> {
  const { default: mammoth } = await import('mammoth');
  const packed = zipSync({ ...parts }, { level: 0 });
  const { value } = await mammoth.convertToHtml(
    { buffer: Buffer.from(packed.buffer, packed.byteOffset, packed.length) },
    {
      includeEmbeddedStyleMap: false,
      externalFileAccess: false,
      // The alternative text stays; the picture was never unpacked.
      convertImage: mammoth.images.imgElement(async () => Promise.resolve({ src: '' })),
    },
  );
  return value;
}
