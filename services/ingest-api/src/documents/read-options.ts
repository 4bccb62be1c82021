import { refuseModel } from '@spillway/admission';
import {
  type Config,
  type CreateDocumentBatchOptions,
  createDocumentBatchOptionsSchema,
} from '@spillway/contracts';
import { createSchemaValidator, renderPrompt } from '@spillway/documents';
import { readWindow } from '../batches/read-window.ts';
import { refuse } from '../batches/refuse.ts';
import { refuseContradiction } from '../batches/refuse-contradiction.ts';
import { invalidRequest } from '../http/invalid-request.ts';
import { Problem } from '../http/problem.ts';

/**
 * The options of a document batch from their part of the form. Throws the problem of options that no document of the
 * batch could be run with: a model nobody serves, a schema or template that cannot be used.
 */
export function readOptions(text: string, config: Config): CreateDocumentBatchOptions {
  const parsed = createDocumentBatchOptionsSchema.safeParse(parse(text));
  if (!parsed.success) throw invalidRequest(parsed.error, ['options']);
  const options = parsed.data;
  readWindow(options.completion_window, 'options.completion_window');
  refuseContradiction(options, config, 'options.strategy');
  const refusal = refuseModel(options.model, config, 'options.model');
  if (refusal !== undefined) {
    const { code, path, detail } = refusal;
    throw new Problem(code, detail, { errors: [{ path, message: detail }] });
  }
  const prompt = renderPrompt(options.instruction, { document: '', filename: '' });
  if (!prompt.ok) throw refuse('options.instruction', prompt.error.detail);
  if (options.schema !== undefined) {
    const validator = createSchemaValidator(options.schema);
    if (!validator.ok) throw refuse('options.schema', validator.error);
  }
  return options;
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw new Problem('malformed-json', 'the part "options" is not valid JSON');
  }
}
