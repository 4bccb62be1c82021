/** What a document may be written in, in the order in which a refusal lists them. */
export const DOCUMENT_FORMATS = ['txt', 'md', 'html', 'csv', 'json', 'eml'] as const;
export type DocumentFormat = (typeof DOCUMENT_FORMATS)[number];

export interface DocumentText {
  /** Not empty, no line ends but `\n`, at most `MAX_TEXT_BYTES` as UTF-8. */
  readonly text: string;
  readonly format: DocumentFormat;
  /** Of the bytes as they came, in lower case hexadecimal. */
  readonly sha256: string;
}

/** Why a document cannot be read; `detail` is for the person who sent it and never quotes the document. */
export interface DocumentProblem {
  readonly code: 'empty' | 'not-text' | 'malformed' | 'unsupported-format' | 'too-large';
  readonly detail: string;
}

/** A document as it comes; markup and attachments make it larger than its text. */
export const MAX_DOCUMENT_BYTES = 16 * 1024 * 1024;
export const MAX_TEXT_BYTES = 4 * 1024 * 1024;
