export {
  DOCUMENT_FORMATS,
  MAX_DOCUMENT_BYTES,
  MAX_TEXT_BYTES,
  type DocumentFormat,
  type DocumentProblem,
  type DocumentText,
} from './document.ts';
export { readDocument, sha256Hex, type Document } from './read-document.ts';
