import { createJobRequestSchema, type CreateJobInput } from '@spillway/contracts';
import { isJsonObject, type JsonObject } from '@spillway/core';
import { UsageError } from '../usage-error.ts';
import { privacyOf, type PrivacyFlags } from './privacy-of.ts';

/** What says what a job is. */
export interface JobFlags extends PrivacyFlags {
  readonly file?: string;
  readonly request?: boolean;
  readonly model?: string;
  readonly system?: string;
  readonly maxTokens?: number;
  readonly class?: CreateJobInput['class'];
  readonly deadline?: number;
  readonly strategy?: CreateJobInput['strategy'];
  readonly task?: string;
  readonly minQuality?: number;
  readonly maxCost?: number;
  readonly metadata?: Readonly<Record<string, string>>;
}

export interface SubmitFlags extends JobFlags {
  readonly webhook?: string;
  readonly wait?: number | true;
  readonly idempotencyKey?: string;
}

/** The job to submit: the text as a prompt, or with --request as JSON; flags win over the JSON. */
export function createJobInput(text: string, flags: JobFlags & Pick<SubmitFlags, 'webhook'>): CreateJobInput {
  if (flags.request === true && flags.system !== undefined) {
    throw new UsageError('--system goes with a prompt; with --request write it into the messages');
  }
  const job = flags.request === true ? readRequest(text) : { request: promptRequest(text, flags) };
  const privacy = privacyOf(flags);
  const merged = {
    ...job,
    request: {
      model: 'auto',
      ...(isJsonObject(job['request']) ? job['request'] : {}),
      ...(flags.model === undefined ? {} : { model: flags.model }),
      ...(flags.maxTokens === undefined ? {} : { max_tokens: flags.maxTokens }),
    },
    ...(flags.class === undefined ? {} : { class: flags.class }),
    ...(flags.deadline === undefined ? {} : { deadline_seconds: flags.deadline }),
    ...(privacy === undefined ? {} : { privacy }),
    ...(flags.strategy === undefined ? {} : { strategy: flags.strategy }),
    ...(flags.task === undefined ? {} : { task: flags.task }),
    ...(flags.minQuality === undefined ? {} : { min_quality: flags.minQuality }),
    ...(flags.maxCost === undefined ? {} : { max_cost_usd: flags.maxCost }),
    ...(flags.webhook === undefined ? {} : { webhook: { url: flags.webhook } }),
    ...(flags.metadata === undefined ? {} : { metadata: flags.metadata }),
  };
  const checked = createJobRequestSchema.safeParse(merged);
  if (!checked.success) {
    const issues = checked.error.issues.map(
      (issue) => `${issue.path.join('.') || 'request'}: ${issue.message}`,
    );
    throw new UsageError(`the job does not match the schema\n  ${issues.join('\n  ')}`);
  }
  return merged;
}

function promptRequest(prompt: string, { system }: JobFlags): JsonObject {
  const before = system === undefined ? [] : [{ role: 'system', content: system }];
  return { messages: [...before, { role: 'user', content: prompt }] };
}

function readRequest(text: string): JsonObject {
  let parsed: unknown;
  try {
    parsed = JSON.parse(text);
  } catch (cause) {
    throw new UsageError('--request expects JSON, and this is none', { cause });
  }
  if (!isJsonObject(parsed)) throw new UsageError('--request expects a JSON object');
  // a whole job has its request inside; anything else is the request itself
  return isJsonObject(parsed['request']) ? parsed : { request: parsed };
}
