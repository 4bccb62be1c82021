import {
  batchListSchema,
  batchObjectSchema,
  batchResultSchema,
  decisionListSchema,
  explanationSchema,
  anthropicErrorSchema,
  documentBatchSchema,
  documentBatchListSchema,
  fileDeletedSchema,
  fileListSchema,
  fileObjectSchema,
  jobListSchema,
  jobSchema,
  messageBatchDeletedSchema,
  messageBatchListSchema,
  messageBatchResultSchema,
  messageBatchSchema,
  openaiErrorSchema,
  problemSchema,
  seenDocumentResultSchema,
  uploadObjectSchema,
  uploadPartSchema,
} from '@spillway/contracts';
import { z } from 'zod';
import { faceOf } from '../http/face.ts';

const SUCCESS = {
  createJob: jobSchema,
  getJob: jobSchema,
  listJobs: jobListSchema,
  cancelJob: jobSchema,
  explainJob: explanationSchema,
  listJobDecisions: decisionListSchema,
  createDocumentBatch: documentBatchSchema,
  getDocumentBatch: documentBatchSchema,
  listDocumentBatches: documentBatchListSchema,
  listDocumentResults: seenDocumentResultSchema,
  cancelDocumentBatch: documentBatchSchema,
  pauseDocumentBatch: documentBatchSchema,
  resumeDocumentBatch: documentBatchSchema,
  retryDocumentBatch: documentBatchSchema,
  createBatch: batchObjectSchema,
  listBatches: batchListSchema,
  getBatch: batchObjectSchema,
  listBatchResults: batchResultSchema,
  cancelBatch: batchObjectSchema,
  pauseBatch: batchObjectSchema,
  resumeBatch: batchObjectSchema,
  retryBatch: batchObjectSchema,
  createMessageBatch: messageBatchSchema,
  listMessageBatches: messageBatchListSchema,
  getMessageBatch: messageBatchSchema,
  listMessageBatchResults: messageBatchResultSchema,
  cancelMessageBatch: messageBatchSchema,
  deleteMessageBatch: messageBatchDeletedSchema,
  createFile: fileObjectSchema,
  listFiles: fileListSchema,
  retrieveFile: fileObjectSchema,
  deleteFile: fileDeletedSchema,
  createUpload: uploadObjectSchema,
  addUploadPart: uploadPartSchema,
  completeUpload: uploadObjectSchema,
  cancelUpload: uploadObjectSchema,
} as const satisfies Record<string, z.ZodType>;

const LINES = {
  native: 'application/x-ndjson',
  openai: 'application/x-ndjson',
  anthropic: 'application/x-jsonl',
} as const;

const documentSchema = z.object({
  paths: z.record(
    z.string(),
    z.record(z.string(), z.object({ operationId: z.string(), responses: z.record(z.string(), z.unknown()) })),
  ),
});

export interface SeenAnswer {
  readonly method: string;
  readonly path: string;
  readonly status: number;
  readonly contentType: string;
  readonly text: string;
}

/**
 * Holds every answer a test sees against the API's own description: its status is declared there, a success parses
 * by the schema of its operation, a problem by that of problems. Throws where one does not.
 */
export function createContractCheck(openApiDocument: unknown): (answer: SeenAnswer) => void {
  const { paths } = documentSchema.parse(openApiDocument);
  const operations = Object.entries(paths).flatMap(([template, methods]) =>
    Object.entries(methods).map(([method, operation]) => ({
      method: method.toUpperCase(),
      pattern: new RegExp(`^${template.replaceAll(/\{\w+\}/g, '[^/]+')}$`),
      ...operation,
    })),
  );
  return ({ method, path, status, contentType, text }) => {
    const operation = operations.find((known) => known.method === method && known.pattern.test(path));
    if (status >= 400 && checkProblem({ path, status, contentType, text }) && operation === undefined) return;
    if (operation === undefined) throw new Error(`${method} ${path} is not described, yet answers ${status}`);
    const { operationId, responses } = operation;
    if (!(status in responses)) throw new Error(`${operationId} does not declare that it answers ${status}`);
    // A file holds what its owner likes.
    if (status >= 300 || status === 204 || operationId === 'downloadFile') return;
    const schema = SUCCESS[operationId as keyof typeof SUCCESS];
    if (operationId.endsWith('Results')) {
      for (const line of text.split('\n')) {
        if (line !== '') parse(schema, line, contentType, LINES[faceOf(path)]);
      }
    } else if (!operationId.endsWith('Events')) parse(schema, text, contentType, 'application/json');
  };
}

/** In the envelope of its face; tells whether it says that there is no such route. */
function checkProblem({ path, status, contentType, text }: Omit<SeenAnswer, 'method'>): boolean {
  const face = faceOf(path);
  if (face === 'openai') {
    return parse(openaiErrorSchema, text, contentType, 'application/json').error.code === 'not_found';
  }
  if (face === 'anthropic') {
    return (
      parse(anthropicErrorSchema, text, contentType, 'application/json').error.type === 'not_found_error'
    );
  }
  const problem = parse(problemSchema, text, contentType, 'application/problem+json');
  if (problem.status !== status) throw new Error(`a problem of status ${problem.status} came as ${status}`);
  return problem.code === 'not-found';
}

function parse<Schema extends z.ZodType>(
  schema: Schema,
  text: string,
  contentType: string,
  expectedType: string,
): z.infer<Schema> {
  if (!contentType.startsWith(expectedType)) throw new Error(`came as ${contentType}, not ${expectedType}`);
  return schema.parse(JSON.parse(text));
}
