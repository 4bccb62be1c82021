import { assertNever, type FailureKind, type FailureReason, type InferenceRequest } from '@spillway/core';
import { quoteVendor } from './quote-vendor.ts';
import type { Refusal } from './refusal.ts';
import { parseRetryAfterMs } from './retry-after.ts';

/** What an HTTP answer outside 2xx can mean. */
type HttpFailureKind = Extract<
  FailureKind,
  | 'backend-error'
  | 'backend-overloaded'
  | 'backend-quota-exhausted'
  | 'backend-refused-credentials'
  | 'backend-timeout'
  | 'context-exceeded'
  | 'invalid-request'
  | 'model-not-found'
>;

/** One row per kind, first match wins, top to bottom: a kind without a row does not compile. */
export type FailureTable = Readonly<Record<HttpFailureKind, (refusal: Refusal) => boolean>>;

/** 4xx that speak of our address, method or timing, not of the job: another try or another backend may do. */
const NOT_THE_JOBS_FAULT: readonly number[] = [405, 409, 421, 423, 425, 499];

/** What the status codes mean by themselves; a vendor's table overrides rows in place, so the order stays this one. */
export const BY_STATUS = {
  'context-exceeded': () => false,
  'model-not-found': ({ status }) => status === 404,
  'backend-quota-exhausted': ({ status }) => status === 402,
  'backend-refused-credentials': ({ status }) => status === 401 || status === 403,
  'backend-timeout': ({ status }) => status === 408 || status === 504,
  'backend-overloaded': ({ status }) => status === 429 || status === 503 || status === 529,
  'invalid-request': ({ status }) => status >= 400 && status < 500 && !NOT_THE_JOBS_FAULT.includes(status),
  'backend-error': () => true,
} as const satisfies FailureTable;

/** Picks the row, and words it for the person who submitted the job. */
export function toReason(
  table: FailureTable,
  refusal: Refusal,
  request: InferenceRequest,
  nowMs: number,
): FailureReason {
  const kinds = Object.keys(table) as HttpFailureKind[];
  const kind = kinds.find((candidate) => table[candidate](refusal)) ?? 'backend-error';
  const { status } = refusal;
  const detail = quoteVendor(refusal.message, request.body, `HTTP ${status}`);
  switch (kind) {
    case 'backend-overloaded': {
      const retryAfterMs = parseRetryAfterMs(refusal.status, refusal.headers, nowMs);
      return { kind, detail, ...(retryAfterMs !== undefined && { retryAfterMs }) };
    }
    case 'context-exceeded': {
      const limitTokens = contextLimitTokens(refusal.message);
      return { kind, detail, ...(limitTokens !== undefined && { limitTokens }) };
    }
    case 'backend-error':
    case 'invalid-request':
      return { kind, detail, status };
    case 'backend-quota-exhausted':
    case 'backend-refused-credentials':
    case 'backend-timeout':
    case 'model-not-found':
      return { kind, detail };
    default:
      return assertNever(kind);
  }
}

/** The wordings of vLLM and OpenAI, Anthropic (prompt alone; prompt and answer), llama.cpp. */
const CONTEXT_LIMITS = [
  /maximum context length (?:is|of) (\d+)/i,
  /tokens > (\d+) maximum/i,
  /context limit: [\d\s+]+> (\d+)/i,
  /context size \((\d+)/i,
];

function contextLimitTokens(message: string): number | undefined {
  for (const pattern of CONTEXT_LIMITS) {
    const found = pattern.exec(message)?.[1];
    if (found !== undefined) return Number(found);
  }
  return undefined;
}
