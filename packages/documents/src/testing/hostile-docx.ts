import { docxArchive } from './docx-file.ts';

/** A Word document of about a thousandth of the size its text unpacks to. */
export const bombDocx = (mebibytes: number): Uint8Array<ArrayBuffer> =>
  docxArchive(Buffer.alloc(mebibytes * 1024 * 1024, ' '));

/** The same archive, each of its entries declaring to unpack to so many bytes. */
export function declaring(archive: Uint8Array, size: number): Uint8Array<ArrayBuffer> {
  const bytes = Buffer.from(archive);
  for (const [signature, field] of SIZE_FIELDS) {
    for (let at = bytes.indexOf(signature); at !== -1; at = bytes.indexOf(signature, at + 4)) {
      bytes.writeUInt32LE(size, at + field);
    }
  }
  return Uint8Array.from(bytes);
}

/** Of the local header and that of the directory: APPNOTE.TXT 4.3.7 and 4.3.12. */
const SIZE_FIELDS: readonly (readonly [signature: Buffer, field: number])[] = [
  [Buffer.from('PK\u0003\u0004', 'latin1'), 22],
  [Buffer.from('PK\u0001\u0002', 'latin1'), 24],
];

const W = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"';

/** A Word document whose XML defines each entity as ten of the one before. */
export function entityDocx(): Uint8Array<ArrayBuffer> {
  const entities = Array.from(
    { length: 10 },
    (_, index) => `<!ENTITY e${index + 1} "${`&e${index};`.repeat(10)}">`,
  );
  const text = `<w:p><w:r><w:t>&e10;</w:t></w:r></w:p>`;
  return docxArchive(
    `<?xml version="1.0"?><!DOCTYPE d [<!ENTITY e0 "ha">${entities.join('')}]>` +
      `<w:document ${W}><w:body>${text}</w:body></w:document>`,
  );
}

/** A Word document of tables in tables in tables. */
export const nestedDocx = (depth: number): Uint8Array<ArrayBuffer> =>
  docxArchive(
    `<w:document ${W}><w:body>${'<w:tbl><w:tr><w:tc>'.repeat(depth)}<w:p><w:r><w:t>deep</w:t></w:r></w:p>` +
      `${'</w:tc></w:tr></w:tbl>'.repeat(depth)}</w:body></w:document>`,
  );
