import { createDocumentBatchOptionsSchema, type CreateDocumentBatchInput } from '@spillway/contracts';
import type { JsonObject, PrivacyChoice } from '@spillway/core';
import { UsageError } from '../usage-error.ts';
import { digest } from './digest.ts';

export interface ProcessOptions {
  /** Folders and files, as they were given. */
  readonly inputs: readonly string[];
  /** Absolute; a table when it ends in .csv, else JSON lines. */
  readonly out: string;
  readonly prompt: string;
  readonly schema: JsonObject | undefined;
  readonly model: string;
  readonly maxOutputTokens: number | undefined;
  readonly class: CreateDocumentBatchInput['class'];
  readonly strategy: CreateDocumentBatchInput['strategy'];
  readonly privacy: PrivacyChoice | undefined;
  /** Such as 2h: documents not finished by then expire. */
  readonly window: string | undefined;
  readonly batchSize: number;
  /** Batches at the platform at once. */
  readonly inFlight: number;
  readonly retryFailed: boolean;
}

/** What every batch of the run is created with; refuses what the platform would. */
export function batchInput(options: ProcessOptions): CreateDocumentBatchInput {
  const input = {
    instruction: options.prompt,
    model: options.model,
    ...(options.schema === undefined ? {} : { schema: options.schema }),
    ...(options.maxOutputTokens === undefined ? {} : { max_output_tokens: options.maxOutputTokens }),
    ...(options.class === undefined ? {} : { class: options.class }),
    ...(options.strategy === undefined ? {} : { strategy: options.strategy }),
    ...(options.privacy === undefined ? {} : { privacy: options.privacy }),
    ...(options.window === undefined ? {} : { completion_window: options.window }),
  };
  const checked = createDocumentBatchOptionsSchema.safeParse(input);
  // as it was given: what was left out is the platform's to fill in
  if (checked.success) return input;
  const issues = checked.error.issues.map((issue) => `${pathOf(issue.path)}: ${issue.message}`);
  throw new UsageError(`the options do not match the schema\n  ${issues.join('\n  ')}`);
}

/**
 * Names what shapes an answer: two runs with the same digest may share one output file. Class, window and strategy are
 * left out, so that a run can be resumed with more hurry.
 */
export const optionsDigest = ({ prompt, schema, model, maxOutputTokens, privacy }: ProcessOptions): string =>
  digest([prompt, schema ?? null, model, maxOutputTokens ?? null, privacy ?? 'auto']);

/** In the words of the command line. */
const pathOf = (path: readonly PropertyKey[]): string =>
  path.map((part) => (part === 'instruction' ? 'prompt' : String(part))).join('.');
