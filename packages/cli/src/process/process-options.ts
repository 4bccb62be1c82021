import { createDocumentBatchOptionsSchema, type CreateDocumentBatchInput } from '@spillway/contracts';
import type { PrivacyChoice } from '@spillway/core';
import { UsageError } from '../usage-error.ts';
import { digest } from './digest.ts';

export interface ProcessOptions {
  /** Absolute. */
  readonly folder: string;
  /** Absolute. */
  readonly out: string;
  readonly instruction: string;
  readonly model: string;
  readonly maxTokens: number | undefined;
  readonly class: CreateDocumentBatchInput['class'];
  readonly privacy: PrivacyChoice | undefined;
  /** Documents not finished by then expire. */
  readonly windowSeconds: number | undefined;
  readonly batchSize: number;
  /** Batches at the platform at once. */
  readonly inFlight: number;
  readonly retryFailed: boolean;
}

/** What every batch of the run is created with; refuses what the platform would. */
export function batchInput(options: ProcessOptions): CreateDocumentBatchInput {
  const input: CreateDocumentBatchInput = {
    instruction: options.instruction,
    model: options.model,
    ...(options.maxTokens === undefined ? {} : { max_output_tokens: options.maxTokens }),
    ...(options.class === undefined ? {} : { class: options.class }),
    ...(options.privacy === undefined ? {} : { privacy: options.privacy }),
    ...(options.windowSeconds === undefined ? {} : { deadline_seconds: options.windowSeconds }),
  };
  const checked = createDocumentBatchOptionsSchema.safeParse(input);
  if (checked.success) return input;
  const issues = checked.error.issues.map((issue) => `${issue.path.join('.')}: ${issue.message}`);
  throw new UsageError(`the options do not match the schema\n  ${issues.join('\n  ')}`);
}

/**
 * Names what shapes an answer: two runs with the same digest may share one output file. Class and window are left
 * out, so that a run can be resumed with more hurry.
 */
export const optionsDigest = ({ instruction, model, maxTokens, privacy }: ProcessOptions): string =>
  digest([instruction, model, maxTokens ?? null, privacy ?? 'auto']);
