/** Names the binary format whose first bytes these are, so that a refusal can say what came. */
export function binaryKind(bytes: Uint8Array): BinaryKind | undefined {
  const head = Buffer.from(bytes.buffer, bytes.byteOffset, Math.min(bytes.length, HEAD)).toString('latin1');
  const found = SIGNATURES.find(([signature]) => head.startsWith(signature));
  return found === undefined ? undefined : { name: found[1], reader: found[2] };
}

export interface BinaryKind {
  /** With its article, for a refusal. */
  readonly name: string;
  /** Who looks further; what has none is refused by its name. */
  readonly reader: 'pdf' | 'zip' | 'compound' | undefined;
}

/** https://en.wikipedia.org/wiki/List_of_file_signatures; the bytes are written as Latin-1. */
const SIGNATURES: readonly (readonly [signature: string, kind: string, reader?: BinaryKind['reader']])[] = [
  ['%PDF-', 'a PDF', 'pdf'],
  ['PK\u0003\u0004', 'a ZIP archive or an office document (docx, xlsx, odt)', 'zip'],
  ['PK\u0005\u0006', 'an empty ZIP archive'],
  [
    '\u00d0\u00cf\u0011\u00e0\u00a1\u00b1\u001a\u00e1',
    'an older office document (doc, xls, msg)',
    'compound',
  ],
  ['{\\rtf', 'an RTF document'],
  ['%!PS', 'PostScript'],
  ['\u0089PNG\r\n\u001a\n', 'a PNG image'],
  ['\u00ff\u00d8\u00ff', 'a JPEG image'],
  ['GIF87a', 'a GIF image'],
  ['GIF89a', 'a GIF image'],
  ['RIFF', 'a RIFF file (webp, wav)'],
  ['II*\u0000', 'a TIFF image'],
  ['MM\u0000*', 'a TIFF image'],
  ['\u001f\u008b', 'a gzip archive'],
  ['BZh', 'a bzip2 archive'],
  ['\u00fd7zXZ\u0000', 'an xz archive'],
  ['(\u00b5/\u00fd', 'a zstd archive'],
  ["7z\u00bc\u00af'\u001c", 'a 7z archive'],
  ['Rar!\u001a\u0007', 'a RAR archive'],
  ['SQLite format 3\u0000', 'an SQLite database'],
  ['\u007fELF', 'a program'],
  ['ID3', 'an MP3 recording'],
  ['OggS', 'an Ogg recording'],
];
const HEAD = 16;
