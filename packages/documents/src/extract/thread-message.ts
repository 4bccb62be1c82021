import type { Result } from '@spillway/core';
import type { DocumentProblem, ExtractedText } from '../document.ts';
import type { ReadOptions } from '../read-options.ts';

/** To the thread: one document, its bytes transferred. The next is sent after the answer. */
export interface ReadRequest {
  readonly name: string;
  readonly bytes: Uint8Array<ArrayBuffer>;
  readonly options: ReadOptions;
}

/** From the thread: once when it can take a document, then once for each document. */
export type ThreadMessage =
  | { readonly kind: 'ready' }
  | { readonly kind: 'read'; readonly result: Result<ExtractedText, DocumentProblem> };
