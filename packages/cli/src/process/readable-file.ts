import { open } from 'node:fs/promises';

/** What the platform reads by its name; other files count as text when they look like it. */
const EXTENSION = /\.(?:txt|text|log|md|markdown|html|htm|xhtml|csv|tsv|json|eml|pdf|docx)$/i;
const HEAD_BYTES = 4096;

/**
 * Whether the platform reads such a file: by its extension, or, of an extension nobody promised anything about, by its
 * first bytes. A file that cannot be opened counts: its failure is reported with its name.
 */
export async function isReadable(path: string): Promise<boolean> {
  if (EXTENSION.test(path)) return true;
  try {
    await using file = await open(path);
    const head = Buffer.alloc(HEAD_BYTES);
    const { bytesRead } = await file.read(head, 0, HEAD_BYTES, 0);
    return looksLikeText(head.subarray(0, bytesRead));
  } catch {
    return true;
  }
}

function looksLikeText(head: Uint8Array): boolean {
  if (head.includes(0)) return false;
  try {
    // a character cut off by the end of the head is no mistake
    new TextDecoder('utf-8', { fatal: true }).decode(head, { stream: true });
    return true;
  } catch {
    return false;
  }
}
