import { open } from 'node:fs/promises';
import { join } from 'node:path';
import { digest } from './digest.ts';
import { MAX_DOCUMENT_BYTES } from './limits.ts';

export interface ReadDocument {
  readonly kind: 'read';
  readonly path: string;
  readonly sha256: string;
  readonly content: Uint8Array<ArrayBuffer>;
}

export interface UnreadableDocument {
  readonly kind: 'unreadable';
  readonly path: string;
  readonly code: 'document-too-large' | 'unreadable-file';
  readonly detail: string;
}

/** One file below a folder, whole; larger than the platform reads, it is not read. */
export async function readDocument(root: string, path: string): Promise<ReadDocument | UnreadableDocument> {
  try {
    await using file = await open(join(root, path));
    const { size } = await file.stat();
    if (size > MAX_DOCUMENT_BYTES) {
      const detail = `the file has ${size} bytes; at most ${MAX_DOCUMENT_BYTES} can be sent`;
      return { kind: 'unreadable', path, code: 'document-too-large', detail };
    }
    const content = await file.readFile();
    return { kind: 'read', path, sha256: digest(content), content };
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? String(error.code) : 'unknown error';
    return {
      kind: 'unreadable',
      path,
      code: 'unreadable-file',
      detail: `the file could not be read (${code})`,
    };
  }
}
