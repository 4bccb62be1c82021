import { type JobView, parseName, type TenantId } from '@spillway/core';
import type { Policy } from '../policies/policy.ts';
import type { FullOptions } from '../simulation-options.ts';
import type { TraceJob } from '../trace-job.ts';
import type { LaneBook } from './lane-book.ts';
import { jobIdOf, type SimJob } from './sim-job.ts';

/** What the ingest API makes of a request: everything of it but the length of its answer. */
export function newJob(
  index: number,
  trace: TraceJob,
  modelGroup: string,
  {
    lanes,
    policy,
    options,
  }: { readonly lanes: LaneBook; readonly policy: Policy; readonly options: FullOptions },
): SimJob {
  const { atMs, jobClass, pinned } = trace;
  const tenantId = tenantIdOf(policy.tenancy === 'key' ? (trace.key ?? trace.tenant) : trace.tenant);
  const deadlineAtMs = atMs + (trace.deadlineMs ?? options.deadlineMs[jobClass]);
  const view: JobView = {
    id: jobIdOf(index),
    fence: 0,
    endpoint: '/v1/chat/completions',
    strategy: trace.strategy ?? 'auto',
    task: trace.task ?? 'chat',
    submittedAtMs: atMs,
    queuedAtMs: atMs,
    deadlineAtMs,
    inputTokens: trace.inputTokens,
    outputTokens: trace.maxOutputTokens ?? Math.max(options.maxOutputTokens, trace.outputTokens),
    prefix: trace.prefix ?? [],
    rescues: 0,
    excluded: [],
  };
  return {
    index,
    trace,
    tenantId,
    lane: lanes.laneOf(jobClass, modelGroup, tenantId, pinned),
    score: scoreOf(policy, trace, deadlineAtMs),
    view,
    state: 'waiting',
    isFresh: false,
    holding: undefined,
    sequence: undefined,
    attempts: 0,
    beganAtMs: undefined,
  };
}

function scoreOf(
  { laneOrder, scheduling }: Policy,
  { atMs, jobClass }: TraceJob,
  deadlineAtMs: number,
): number {
  switch (laneOrder) {
    case 'arrival':
      return atMs;
    case 'deadline':
      return deadlineAtMs;
    case 'effective-deadline':
      return Math.min(deadlineAtMs, atMs + scheduling.maxWaitMs[jobClass]);
  }
}

function tenantIdOf(name: string): TenantId {
  const parsed = parseName('TenantId', name);
  if (!parsed.ok)
    throw new Error(`a trace names a tenant that cannot be: ${JSON.stringify(name.slice(0, 80))}`);
  return parsed.value;
}
