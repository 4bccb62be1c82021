import type { Result } from '@spillway/core';
import { DOCUMENT_FORMATS, type DocumentProblem, type ExtractedText } from '../document.ts';
import { collectBytes } from './collect-bytes.ts';
import { createExtractionThread } from './extraction-thread.ts';
import { createPool } from './pool.ts';

export interface ExtractorOptions {
  /** How many documents are read at the same time, each in a thread of its own. */
  readonly threads: number;
  /** For fetching one document, and again for reading it, in ms. */
  readonly timeoutMs: number;
  /** For reading one document: what its thread may hold, garbage and buffers included, in MiB; 128 is little. */
  readonly maxMemoryMb: number;
  /** Of the text a document may come to, in UTF-16 units. */
  readonly maxTextChars: number;
  /** Of a document as it comes; 64 MiB if not given. */
  readonly maxDocumentBytes?: number;
}

/** A document to be read. Its name tells the format where its first bytes do not. */
export type SourceDocument = {
  readonly name: string;
} & (
  | {
      /** Handed over: afterwards the caller's view is empty, unless it is part of a larger buffer. */
      readonly bytes: Uint8Array;
    }
  | {
      /** Of a local file; whoever may name paths may read them. */
      readonly path: string;
    }
  | { readonly stream: AsyncIterable<Uint8Array> }
);

export interface Extractor {
  /**
   * The text of a document, or why there is none: also when reading it took too long or too much memory, which ends its
   * thread and no other's. Rejects only with the signal's reason, or when the extractor is closed.
   */
  extract(
    document: SourceDocument,
    options: { readonly signal: AbortSignal },
  ): Promise<Result<ExtractedText, DocumentProblem>>;
  /** Ends the threads; documents being read, or waiting to be, reject. */
  close(): Promise<void>;
}

/**
 * Reads documents in worker threads, within limits of time and memory for each. A document's bytes are fetched when a
 * thread is free for it, so that what waits holds none; threads start when first needed.
 */
export function createExtractor(options: ExtractorOptions): Extractor {
  const { timeoutMs, maxMemoryMb, maxTextChars, maxDocumentBytes = DEFAULT_DOCUMENT_BYTES } = options;
  const readOptions = {
    formats: DOCUMENT_FORMATS,
    maxDocumentBytes,
    maxTextBytes: Number.POSITIVE_INFINITY,
    maxTextChars,
  };
  const closing = new AbortController();
  const pool = createPool(
    Array.from({ length: options.threads }, () =>
      createExtractionThread({ timeoutMs, maxMemoryMb, readOptions }),
    ),
  );
  const running = new Set<Promise<unknown>>();
  return {
    async extract(document, { signal: cancelled }) {
      const signal = AbortSignal.any([cancelled, closing.signal]);
      const extracting = pool.use(async (thread) => {
        const bytes = await collectBytes(document, { maxBytes: maxDocumentBytes, timeoutMs, signal });
        return bytes.ok ? thread.read(document.name, bytes.value, signal) : bytes;
      }, signal);
      running.add(extracting);
      try {
        return await extracting;
      } finally {
        running.delete(extracting);
      }
    },
    async close() {
      closing.abort(new Error('the extractor is closed'));
      await Promise.allSettled(running);
      await Promise.all(pool.members.map(async (thread) => thread.close()));
    },
  };
}

const DEFAULT_DOCUMENT_BYTES = 64 * 1024 * 1024;
