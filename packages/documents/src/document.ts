/** What is text as it comes, or markup read in one pass: cheap enough to be read where the request is answered. */
export const TEXT_FORMATS = ['txt', 'md', 'html', 'csv', 'json', 'eml'] as const;

/** What a document may be written in, in the order in which a refusal lists them. */
export const DOCUMENT_FORMATS = [...TEXT_FORMATS, 'pdf', 'docx'] as const;
export type DocumentFormat = (typeof DOCUMENT_FORMATS)[number];

export interface ExtractedText {
  /** Not empty, no line ends but `\n`. Blank lines part paragraphs, and the pages of a PDF. */
  readonly text: string;
  readonly format: DocumentFormat;
  /** Of the bytes as they came, in lower case hexadecimal. */
  readonly sha256: string;
  /** Of a PDF; no other format has pages of its own. */
  readonly pages?: number;
}

/** Why a document cannot be read; `detail` is for the person who sent it and never quotes the document. */
export interface DocumentProblem {
  readonly code:
    | 'empty'
    | 'not-text'
    | 'malformed'
    | 'unsupported-format'
    | 'too-large'
    | 'too-complex'
    | 'encrypted'
    | 'image-only'
    | 'timed-out'
    | 'out-of-memory'
    | 'unreadable';
  readonly detail: string;
}

/** A failed `Result` of a document. */
export interface Refused {
  readonly ok: false;
  readonly error: DocumentProblem;
}

/** A document as it comes; markup and attachments make it larger than its text. */
export const MAX_DOCUMENT_BYTES = 16 * 1024 * 1024;
export const MAX_TEXT_BYTES = 4 * 1024 * 1024;

export const refuse = (code: DocumentProblem['code'], detail: string): Refused => ({
  ok: false,
  error: { code, detail },
});
