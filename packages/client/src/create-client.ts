import { createDocumentBatchesClient, type DocumentBatchesClient } from './document-batches.ts';
import { createJobsClient, type CallOptions, type JobsClient } from './jobs.ts';
import { parseJson } from './read-problem.ts';
import { createTransport, type Transport, type TransportOptions } from './transport.ts';

export type ClientOptions = TransportOptions;

export type Health = { readonly ready: true } | { readonly ready: false; readonly detail: string };

export interface SpillwayClient extends JobsClient {
  readonly documentBatches: DocumentBatchesClient;
  /** Whether the platform takes work now; throws `unreachable` when nothing answers. Never retried. */
  health(options?: CallOptions): Promise<Health>;
}

/**
 * A client of one platform with one key. Every answer is checked against the contract; every failure is a
 * SpillwayError; an aborted signal rejects with its own reason.
 */
export function createClient(options: ClientOptions): SpillwayClient {
  const transport = createTransport(options);
  return {
    ...createJobsClient(transport),
    documentBatches: createDocumentBatchesClient(transport),
    health: ({ signal } = {}) => checkHealth(transport, signal),
  };
}

async function checkHealth(transport: Transport, signal: AbortSignal | undefined): Promise<Health> {
  const answer = await transport.send({
    method: 'GET',
    path: '/health/ready',
    repeatable: false,
    alsoFine: [503],
    signal,
  });
  if (answer.status !== 503) return { ready: true };
  const body = parseJson(answer.text);
  const detail = typeof body === 'object' && body !== null && 'detail' in body ? String(body.detail) : '';
  return { ready: false, detail: detail || 'the platform answers but is not ready' };
}
