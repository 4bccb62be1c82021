import { hash } from 'node:crypto';
import type { InferenceRequest, TenantId } from '@spillway/core';

/**
 * The request with vLLM's `cache_salt`, so that no tenant can tell from the time of an answer what another one has asked.
 * A salt of the client's own parts its prompts further, and cannot be another tenant's. vLLM has the field since 0.9
 * (older releases log that they ignore it; 0.9 and 0.10 refuse it when run with their old V0 engine); embeddings, which
 * have no prefix cache, are left alone.
 */
export function withCacheSalt(request: InferenceRequest, tenantId: TenantId): InferenceRequest {
  if (request.endpoint === '/v1/embeddings') return request;
  const own = request.body['cache_salt'];
  const seed = JSON.stringify(['prefix cache', tenantId, typeof own === 'string' ? own : '']);
  return { ...request, body: { ...request.body, cache_salt: hash('sha256', seed, 'base64url') } };
}
