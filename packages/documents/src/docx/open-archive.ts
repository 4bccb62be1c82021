import { type Entry, fromBufferPromise, type ZipFile } from 'yauzl';
import { ok, type Result } from '@spillway/core';
import { type DocumentProblem, refuse } from '../document.ts';
import { inflateEntry } from './inflate-entry.ts';

/** What an archive holds that is XML, inflated, by name; media and fonts stay unread. */
export type XmlParts = Readonly<Record<string, Uint8Array>>;

export interface Archive {
  readonly isDocx: boolean;
  /** With its article, for a refusal. */
  readonly kind: string;
  /** Inflates the XML of the archive: 64 MiB at most, no more than each entry declares, 250 times its size at most. */
  xmlParts(): Promise<Result<XmlParts, DocumentProblem>>;
}

/** Reads the directory of a ZIP archive, 10,000 entries at most, and tells what it is; nothing is inflated yet. */
export async function openArchive(bytes: Uint8Array): Promise<Result<Archive, DocumentProblem>> {
  const entries: Entry[] = [];
  let zip: ZipFile;
  try {
    zip = await fromBufferPromise(Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length), {
      lazyEntries: true,
      autoClose: false,
    });
    if (zip.entryCount > MAX_ENTRIES) return refuse('too-complex', `holds more than ${MAX_ENTRIES} files`);
    for await (const entry of zip.eachEntry()) entries.push(entry);
  } catch {
    return refuse(
      'malformed',
      'the document is damaged or cut off; open it in its program and save it again',
    );
  }
  const names = entries.map(({ fileName }) => fileName);
  const isDocx = names.some((name) => /^word\/document\d*\.xml$/u.test(name));
  return ok({ isDocx, kind: kindOf(names), xmlParts: async () => inflateXml(bytes, zip, entries) });
}

const MAX_ENTRIES = 10_000;
const MAX_INFLATED_BYTES = 64 * 1024 * 1024;
/** Office XML of one repeated row comes to some 100; deflate cannot exceed 1,032. */
const MAX_RATIO = 250;
/** Below this a ratio says nothing and costs nothing. */
const FREE_BYTES = 1024 * 1024;

async function inflateXml(
  bytes: Uint8Array,
  zip: ZipFile,
  entries: readonly Entry[],
): Promise<Result<XmlParts, DocumentProblem>> {
  const wanted = entries.filter(({ fileName }) => /\.(?:xml|rels)$/iu.test(fileName));
  const declared = wanted.reduce((sum, { uncompressedSize }) => sum + uncompressedSize, 0);
  const isBomb = wanted.some(
    ({ compressedSize, uncompressedSize }) =>
      uncompressedSize > FREE_BYTES && uncompressedSize > compressedSize * MAX_RATIO,
  );
  if (isBomb || declared > MAX_INFLATED_BYTES) {
    return refuse('too-complex', 'unpacks to far more than a document holds; it was not unpacked');
  }
  const parts: Record<string, Uint8Array> = {};
  for (const entry of wanted) {
    const part = await inflateEntry(bytes, zip, entry);
    if (!part.ok) return part;
    parts[entry.fileName] = part.value;
  }
  return ok(parts);
}

function kindOf(names: readonly string[]): string {
  const found = KINDS.find(([prefix]) => names.some((name) => name.startsWith(prefix)));
  return found?.[1] ?? 'a ZIP archive; send its files one by one';
}

const KINDS: readonly (readonly [prefix: string, kind: string])[] = [
  ['xl/', 'a workbook (xlsx); export its sheets as csv'],
  ['ppt/', 'a presentation (pptx); export it as PDF'],
  ['META-INF/manifest.xml', 'an OpenDocument file (odt, ods); save it as docx or PDF'],
  ['META-INF/container.xml', 'an e-book (epub); convert it to html'],
  ['Index/', 'a Pages or Numbers document; export it as docx or PDF'],
];
