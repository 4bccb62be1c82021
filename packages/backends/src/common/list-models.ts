import type { BackendCheck } from '@spillway/core';
import { z } from 'zod';
import { toTransportFailure } from './transport-failure.ts';

/** The part of both official clients that a check needs. */
export interface ModelsClient {
  get(
    path: string,
    options: { readonly signal: AbortSignal },
  ): {
    withResponse(): Promise<{ readonly data: unknown; readonly response: { readonly headers: Headers } }>;
  };
}

const listSchema = z.object({
  data: z.array(z.object({ id: z.string(), owned_by: z.string().optional().catch(undefined) })),
});

/** Asks for the models, which costs nothing anywhere, needs a valid key, and shows whether an answer is simulated. */
export async function listModels(
  client: ModelsClient,
  signal: AbortSignal,
  path = '/models',
): Promise<BackendCheck> {
  try {
    const { data, response } = await client.get(path, { signal }).withResponse();
    const parsed = listSchema.safeParse(data);
    if (!parsed.success) return { kind: 'unhealthy', detail: 'the list of models is malformed' };
    const models = parsed.data.data;
    const simulated =
      response.headers.get('x-simulated') === 'true' ||
      models.some((model) => model.owned_by === 'engine-sim');
    return { kind: 'healthy', models: models.map((model) => model.id), simulated };
  } catch (error) {
    return { kind: 'unhealthy', detail: describe(error, signal) };
  }
}

/** Status or class of the error: its message may hold an address or a key. */
function describe(error: unknown, signal: AbortSignal): string {
  if (signal.aborted) return 'no answer in time';
  if (!(error instanceof Error)) return 'no answer';
  if ('status' in error && typeof error.status === 'number') return `HTTP ${error.status}`;
  return toTransportFailure(error)?.detail ?? 'no connection';
}
