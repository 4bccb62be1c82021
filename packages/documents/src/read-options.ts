import { type DocumentFormat, MAX_DOCUMENT_BYTES, MAX_TEXT_BYTES, TEXT_FORMATS } from './document.ts';

/** What is read, and how much of it. */
export interface ReadOptions {
  readonly formats: readonly DocumentFormat[];
  readonly maxDocumentBytes: number;
  readonly maxTextBytes: number;
  /** In UTF-16 units, as a string's length counts. */
  readonly maxTextChars: number;
}

/** For reading where nothing watches over time and memory: PDF and DOCX are named and refused. */
export const DEFAULT_READ_OPTIONS: ReadOptions = {
  formats: TEXT_FORMATS,
  maxDocumentBytes: MAX_DOCUMENT_BYTES,
  maxTextBytes: MAX_TEXT_BYTES,
  maxTextChars: Number.POSITIVE_INFINITY,
};
