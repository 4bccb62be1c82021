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
    const bearer = /^Bearer\s+(\S+)\s*$/i.exec(context.req.header('authorization') ?? '')?.[1];
    const apiKey = bearer ?? context.req.header('x-api-key');
    const challenge = { headers: { 'www-authenticate': 'Bearer' } };
    if (!apiKey) throw new Problem('missing-api-key', 'send Authorization: Bearer <key>', challenge);
    const tenantId = findTenant()(apiKey);
    if (tenantId === undefined) {
      throw new Problem('invalid-api-key', 'this key belongs to no tenant; was it replaced?', challenge);
    }
    context.set('tenantId', tenantId);
    return next();
  };
}
