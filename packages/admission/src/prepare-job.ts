import { type Config, type CreateJobRequest, modelGroups } from '@spillway/contracts';
import {
  type CloudUse,
  decidePin,
  err,
  estimateRequestTokens,
  type JobClass,
  type JobId,
  ok,
  requestPrefix,
  requestText,
  type Result,
  rulesOut,
  type TenantId,
} from '@spillway/core';
import type { NewJob } from '@spillway/redis';
import { deriveTask } from './derive-task.ts';
import { findUnsendable } from './find-unsendable.ts';

/** Why a job is refused before it is queued. */
export interface Refusal {
  readonly code: 'model-not-found' | 'invalid-request';
  readonly path: string;
  readonly detail: string;
}

/** Whole life of a job when the client does not say: half a minute, five minutes, a day (docs/scheduling.md#classes). */
const DEADLINE_SECONDS: Record<JobClass, number> = { interactive: 30, standard: 300, batch: 86_400 };
/** One attempt: two minutes is the longest a person waits; a long document may take a few more. */
const ATTEMPT_SECONDS: Record<JobClass, number> = { interactive: 120, standard: 120, batch: 600 };

/** What a submitted job becomes: its lane, clocks, features and pin; or the reason why it is not taken. */
export function prepareJob(
  request: CreateJobRequest,
  id: JobId,
  tenantId: TenantId,
  config: Config,
): Result<NewJob, Refusal> {
  const { model } = request.request;
  const refusal = refuseModel(model, config, 'request.model');
  if (refusal !== undefined) return err(refusal);
  const unsendable = findUnsendable(request.request);
  if (unsendable !== undefined) return err({ code: 'invalid-request', path: 'request', detail: unsendable });
  const pin = decidePin(request.privacy, config.routing.privacy.detectors, requestText(request.request));
  const { routing } = config;
  if (pin.pinned && rulesOut(routing.strategies[request.strategy], 'local')) {
    const contradiction = `strategy is ${request.strategy}, but the job is pinned to local backends`;
    const detail = `${contradiction}: set privacy to "public" to consent`;
    return err({ code: 'invalid-request', path: 'strategy', detail });
  }
  const deadlineSeconds = request.deadline_seconds ?? DEADLINE_SECONDS[request.class];
  return ok({
    id,
    lane: { jobClass: request.class, modelGroup: model, tenantId, pinned: pin.pinned },
    startWithinMs:
      request.start_within_seconds === undefined ? undefined : request.start_within_seconds * 1000,
    deadlineMs: deadlineSeconds * 1000,
    maxWaitMs: Math.round(routing.max_wait_seconds[request.class] * 1000),
    attemptTimeoutMs: (request.attempt_timeout_seconds ?? ATTEMPT_SECONDS[request.class]) * 1000,
    retainMs: (request.retain_seconds ?? config.retention.jobs_seconds) * 1000,
    features: {
      endpoint: request.endpoint,
      strategy: request.strategy,
      task: request.task ?? deriveTask(request.endpoint, request.request),
      ...estimateRequestTokens(request.endpoint, request.request),
      prefix: requestPrefix(tenantId, request.endpoint, request.request, routing.affinity.block_tokens),
      ...(request.min_quality !== undefined && { minQuality: request.min_quality }),
      ...(request.max_cost_usd !== undefined && { maxCostUsd: request.max_cost_usd }),
    },
    cloudAtOnce: !pin.pinned && USES_CLOUD_AT_ONCE.has(routing.strategies[request.strategy].cloud),
    description: { findings: pin.findings, metadata: request.metadata ?? null },
    webhook: request.webhook,
    request: JSON.stringify(request.request),
  });
}

/** Whatever else waits, jobs of such a strategy may be for the cloud. */
const USES_CLOUD_AT_ONCE: ReadonlySet<CloudUse> = new Set(['open', 'only']);

const known = new WeakMap<Config, ReadonlyMap<string, readonly string[]>>();

/** The model groups of a configuration, worked out once: every submission asks for them. */
function groupsOf(config: Config): ReadonlyMap<string, readonly string[]> {
  const groups = known.get(config) ?? modelGroups(config);
  known.set(config, groups);
  return groups;
}

/** Refuses a model that is neither a configured group nor served by a backend under its own name. */
export function refuseModel(model: string, config: Config, path: string): Refusal | undefined {
  const groups = groupsOf(config);
  if (groups.has(model)) return undefined;
  const names = [...groups.keys()].toSorted().join(', ') || 'none: no backend is configured';
  return { code: 'model-not-found', path, detail: `"${model}" is not served; there is: ${names}` };
}
