import {
  decisionListSchema,
  documentBatchSchema,
  documentResultSchema,
  jobListSchema,
  jobSchema,
  problemSchema,
} from '@spillway/contracts';
import { z } from 'zod';

const SUCCESS = {
  createJob: jobSchema,
  getJob: jobSchema,
  listJobs: jobListSchema,
  cancelJob: jobSchema,
  listJobDecisions: decisionListSchema,
  createDocumentBatch: documentBatchSchema,
  getDocumentBatch: documentBatchSchema,
  listDocumentResults: documentResultSchema,
} as const satisfies Record<string, z.ZodType>;

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
    if (status >= 400) {
      const problem = parse(problemSchema, text, contentType, 'application/problem+json');
      if (problem.status !== status)
        throw new Error(`a problem of status ${problem.status} came as ${status}`);
      if (operation === undefined && problem.code === 'not-found') return;
    }
    if (operation === undefined) throw new Error(`${method} ${path} is not described, yet answers ${status}`);
    const { operationId, responses } = operation;
    if (!(status in responses)) throw new Error(`${operationId} does not declare that it answers ${status}`);
    if (status >= 300) return;
    const schema = SUCCESS[operationId as keyof typeof SUCCESS];
    if (operationId === 'listDocumentResults') {
      for (const line of text.split('\n')) {
        if (line !== '') parse(schema, line, contentType, 'application/x-ndjson');
      }
    } else parse(schema, text, contentType, 'application/json');
  };
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
