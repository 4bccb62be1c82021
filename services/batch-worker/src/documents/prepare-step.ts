import { prepareJob, type Refusal } from '@spillway/admission';
import type { Config } from '@spillway/contracts';
import { err, ok, type EpochMs, type Result } from '@spillway/core';
import type { BatchRecord, LineJob } from '@spillway/redis';
import type { DocumentOptions } from './document-options.ts';
import type { LineState } from './line-state.ts';
import type { ChatRequest } from './prompt.ts';
import { type Step, stepJobId, stepName } from './step.ts';

/** What the steps of one document have in common. */
export interface StepFrame {
  readonly record: Pick<BatchRecord, 'id' | 'tenantId' | 'createdAtMs' | 'expiresAtMs'>;
  readonly options: DocumentOptions;
  readonly config: Config;
  readonly nowMs: EpochMs;
  readonly line: number;
  /** Of the whole document: every step of a pinned one is pinned. */
  readonly pin: Pick<LineState, 'pinned' | 'findings'>;
}

/** A step is forgotten with its document; this is only for one whose batch got lost. */
const RETAIN_MS = 30 * 86_400_000;

/** The job of a step; or why there is none: the configuration may have changed since the batch was made. */
export function prepareStep(
  { record, options, config, nowMs, line, pin }: StepFrame,
  step: Step,
  request: ChatRequest,
): Result<LineJob, Refusal> {
  const prepared = prepareJob(
    {
      endpoint: '/v1/chat/completions',
      request,
      class: options.class,
      strategy: options.strategy,
      // What the whole document was found to be: nothing is looked for again in its parts and answers.
      privacy: pin.pinned ? 'local_only' : 'public',
      attempt_timeout_seconds: options.attempt_timeout_seconds,
    },
    stepJobId(record, line, step),
    record.tenantId,
    config,
  );
  if (!prepared.ok) return err(prepared.error);
  const job = {
    ...prepared.value,
    deadlineMs: Math.max(1, record.expiresAtMs - nowMs),
    retainMs: RETAIN_MS,
    description: { findings: pin.findings, metadata: null },
  };
  return ok({ line, step: stepName(step), job });
}
