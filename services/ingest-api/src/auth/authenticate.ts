import type { TenantId } from '@spillway/core';
import type { MiddlewareHandler } from 'hono';
import { Problem } from '../http/problem.ts';
import type { FindTenant } from './tenant-keys.ts';

export interface AuthVariables {
  readonly tenantId: TenantId;
}

/** Takes `Authorization: Bearer KEY`, or `x-api-key: KEY` as Anthropic's clients send it. */
export function authenticate(findTenant: () => FindTenant): MiddlewareHandler<{ Variables: AuthVariables }> {
  return (context, next) => {
    const apiKey = apiKeyOf((name) => context.req.header(name));
    const challenge = { headers: { 'www-authenticate': 'Bearer' } };
    if (apiKey === undefined)
      throw new Problem('missing-api-key', 'send Authorization: Bearer <key>', challenge);
    const tenantId = findTenant()(apiKey);
    if (tenantId === undefined) {
      throw new Problem('invalid-api-key', 'this key belongs to no tenant; was it replaced?', challenge);
    }
    context.set('tenantId', tenantId);
    return next();
  };
}

/** The key a request brings; undefined when it brings none. */
export function apiKeyOf(header: (name: string) => string | null | undefined): string | undefined {
  const bearer = /^Bearer\s+(\S+)\s*$/i.exec(header('authorization') ?? '')?.[1];
  return bearer ?? (header('x-api-key') || undefined);
}
