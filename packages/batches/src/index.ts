export { batchPaths, filePath, type BatchPaths } from './batch-paths.ts';
export { parseCompletionWindow } from './parse-completion-window.ts';
export { openBlobWriter, type BlobWriter, type BlobWriterOptions } from './open-blob-writer.ts';
export {
  DEFAULT_MOST_EMBEDDING_INPUTS,
  DEFAULT_MOST_LINE_BYTES,
  type InputRules,
  type OpenAiRules,
  type OwnLinesRules,
} from './input/input-rules.ts';
export { validateInput, type InputVerdict, type ValidateOptions } from './input/validate-input.ts';
export { parseLine, type ParsedLine, type UnusableLine } from './input/parse-line.ts';
export { readIndex } from './lines/line-index.ts';
export { openInputLines, type InputLine, type InputLines } from './lines/open-input-lines.ts';
export {
  splitRequests,
  type RequestLimits,
  type RequestsMistake,
  type SplitRequest,
} from './requests/split-requests.ts';
export { writeRequests, type WrittenRequests } from './requests/write-requests.ts';
export { decodeOutcome, encodeOutcome, storedUsageSchema } from './outcomes/outcome-text.ts';
export { readOutcomes, type ReadOutcomesOptions } from './outcomes/read-outcomes.ts';
export { openLines } from './outcomes/open-lines.ts';
export { openFailedLines, type FailedLinesOptions } from './outcomes/open-failed-lines.ts';
export { renderOpenAiLine, type OpenAiResult } from './results/render-openai-line.ts';
export { renderMessageResult } from './results/render-message-result.ts';
export { renderDocumentResult } from './results/render-document-result.ts';
