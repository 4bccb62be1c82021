import { strToU8, zipSync } from 'fflate';

/** A part of a Word document, in the order in which it is read. */
export type DocxBlock =
  | string
  | { readonly heading: string }
  | { readonly list: readonly string[] }
  | { readonly table: readonly (readonly string[])[] };

/** Writes a Word document, byte for byte the same for the same blocks. */
export const docxFile = (blocks: readonly DocxBlock[]): Uint8Array<ArrayBuffer> =>
  docxArchive(`<?xml version="1.0" encoding="UTF-8" standalone="yes"?>
<w:document xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"><w:body>${blocks
    .map(blockXml)
    .join('')}<w:sectPr/></w:body></w:document>`);

/** The archive of a Word document around whatever stands for its main part. */
export function docxArchive(document: string | Uint8Array): Uint8Array<ArrayBuffer> {
  const main = typeof document === 'string' ? strToU8(document) : document;
  return Uint8Array.from(
    zipSync(
      {
        '[Content_Types].xml': strToU8(CONTENT_TYPES),
        '_rels/.rels': strToU8(relations([['officeDocument', 'word/document.xml']])),
        'word/_rels/document.xml.rels': strToU8(
          relations([
            ['styles', 'styles.xml'],
            ['numbering', 'numbering.xml'],
          ]),
        ),
        'word/styles.xml': strToU8(STYLES),
        'word/numbering.xml': strToU8(NUMBERING),
        'word/document.xml': main,
      },
      // Local time, as archives have it: the same fields in every zone.
      { level: 9, mtime: new Date(2025, 0, 1) },
    ),
  );
}

function blockXml(block: DocxBlock): string {
  if (typeof block === 'string') return paragraph(block);
  if ('heading' in block) return paragraph(block.heading, '<w:pStyle w:val="Heading1"/>');
  if ('list' in block) {
    const numbered = '<w:numPr><w:ilvl w:val="0"/><w:numId w:val="1"/></w:numPr>';
    return block.list.map((item) => paragraph(item, numbered)).join('');
  }
  const border = ['top', 'left', 'bottom', 'right', 'insideH', 'insideV']
    .map((side) => `<w:${side} w:val="single" w:sz="4"/>`)
    .join('');
  const rows = block.table.map(
    (cells) => `<w:tr>${cells.map((cell) => `<w:tc><w:tcPr/>${paragraph(cell)}</w:tc>`).join('')}</w:tr>`,
  );
  return `<w:tbl><w:tblPr><w:tblBorders>${border}</w:tblBorders></w:tblPr>${rows.join('')}</w:tbl>`;
}

const paragraph = (text: string, properties = ''): string =>
  `<w:p><w:pPr>${properties}</w:pPr><w:r><w:t xml:space="preserve">${escape(text)}</w:t></w:r></w:p>`;

const escape = (text: string): string =>
  text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');

const OFFICE = 'http://schemas.openxmlformats.org/officeDocument/2006/relationships';

const relations = (pairs: readonly (readonly [type: string, target: string])[]): string =>
  `<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">${pairs
    .map(
      ([type, target], index) =>
        `<Relationship Id="rId${index + 1}" Type="${OFFICE}/${type}" Target="${target}"/>`,
    )
    .join('')}</Relationships>`;

const WORD = 'application/vnd.openxmlformats-officedocument.wordprocessingml';
const CONTENT_TYPES = `<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">
<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>
<Default Extension="xml" ContentType="application/xml"/>
<Override PartName="/word/document.xml" ContentType="${WORD}.document.main+xml"/>
<Override PartName="/word/styles.xml" ContentType="${WORD}.styles+xml"/>
<Override PartName="/word/numbering.xml" ContentType="${WORD}.numbering+xml"/></Types>`;

const NAMESPACE = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"';
const STYLES = `<w:styles ${NAMESPACE}><w:style w:type="paragraph" w:styleId="Heading1"><w:name w:val="heading 1"/>
<w:rPr><w:b/><w:sz w:val="32"/></w:rPr></w:style></w:styles>`;
const NUMBERING = `<w:numbering ${NAMESPACE}><w:abstractNum w:abstractNumId="0"><w:lvl w:ilvl="0">
<w:numFmt w:val="bullet"/><w:lvlText w:val="\u2022"/></w:lvl></w:abstractNum>
<w:num w:numId="1"><w:abstractNumId w:val="0"/></w:num></w:numbering>`;
