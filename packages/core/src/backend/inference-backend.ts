import type { JsonObject } from '../json.ts';
import type { FailureReason } from '../job/failure.ts';
import type { Usage } from './usage.ts';

/** The endpoints a job may name: OpenAI's, and Anthropic's Messages. Each is a dialect of its own. */
export const ENDPOINTS = [
  '/v1/chat/completions',
  '/v1/completions',
  '/v1/embeddings',
  '/v1/responses',
  '/v1/messages',
] as const;
export type Endpoint = (typeof ENDPOINTS)[number];

/** Where a backend's hardware stands: a pinned job may only run on `local`. */
export type BackendLocation = 'local' | 'cloud';

export interface InferenceRequest {
  readonly endpoint: Endpoint;
  /** The name by which this backend knows the model. */
  readonly model: string;
  /**
   * The body as the client sent it, in the dialect of the endpoint; the adapter replaces `model`, drops `stream` and,
   * where its vendor speaks another dialect, translates. The answer is in the dialect of the endpoint again.
   */
  readonly body: JsonObject;
}

export type AttemptOutcome =
  | {
      readonly kind: 'completed';
      readonly statusCode: number;
      readonly body: JsonObject;
      readonly usage: Usage;
    }
  | { readonly kind: 'failed'; readonly reason: FailureReason }
  /** The signal fired; whoever fired it knows what that means for the job. */
  | { readonly kind: 'aborted' };

/**
 * One place a model can run. Expected failures come back as values; a rejection is a bug in the adapter.
 * An aborted signal closes the connection, so that the engine stops working on the request.
 */
export interface InferenceBackend {
  run(request: InferenceRequest, options: { readonly signal: AbortSignal }): Promise<AttemptOutcome>;
  /** Whether the backend answers at all; used for health, never counted as an attempt. */
  check(options: { readonly signal: AbortSignal }): Promise<BackendCheck>;
}

export type BackendCheck =
  | { readonly kind: 'healthy'; readonly models: readonly string[]; readonly simulated: boolean }
  | { readonly kind: 'unhealthy'; readonly detail: string };
