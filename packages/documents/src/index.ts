export { chunkText, type ChunkOptions } from './chunk/chunk-text.ts';
export {
  DOCUMENT_FORMATS,
  MAX_DOCUMENT_BYTES,
  MAX_TEXT_BYTES,
  TEXT_FORMATS,
  type DocumentFormat,
  type DocumentProblem,
  type ExtractedText,
} from './document.ts';
export {
  createExtractor,
  type Extractor,
  type ExtractorOptions,
  type SourceDocument,
} from './extract/create-extractor.ts';
export { parseJsonAnswer } from './answer/parse-json-answer.ts';
export { createSchemaValidator, type ValidateAnswer } from './answer/create-schema-validator.ts';
export { readDocument, sha256Hex, type Document } from './read-document.ts';
export type { ReadOptions } from './read-options.ts';
export { renderPrompt, type PromptValues, type UnknownPlaceholder } from './render-prompt.ts';
