import type { BackendConfig } from '@spillway/contracts';
import { ENDPOINTS, type Endpoint } from '@spillway/core';

/** The endpoints whose jobs a backend of this kind can run, in the vendor's own dialect or translated. */
export const servedEndpoints = (kind: BackendConfig['kind']): readonly Endpoint[] =>
  kind === 'anthropic' ? ['/v1/chat/completions', '/v1/responses', '/v1/messages'] : ENDPOINTS;
