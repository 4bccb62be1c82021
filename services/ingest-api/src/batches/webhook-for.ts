import { type Config, DEFAULT_TENANT, type WebhookTarget } from '@spillway/contracts';
import type { TenantId } from '@spillway/core';

/** Who is told of a batch: whom the submission names, or else whom the configuration names for its tenant. */
export const webhookFor = (
  named: WebhookTarget | undefined,
  { tenants }: Config,
  tenantId: TenantId,
): WebhookTarget | undefined => named ?? (tenants[tenantId] ?? DEFAULT_TENANT).webhook;
