import { webhookTargetSchema } from '@spillway/contracts';
import { serviceEnvironmentSchema } from '@spillway/service-kit';

export const dispatcherEnvironmentSchema = serviceEnvironmentSchema.extend({
  /** Signs deliveries whose target brings no secret. */
  WEBHOOK_SECRET: webhookTargetSchema.shape.secret,
});
