import type { Logger } from '@spillway/service-kit';
import { newWebhookSecret } from '@spillway/webhook-signing';

/** The secret for targets that bring none: the one given, or one that lives as long as this process. */
export function choosePlatformSecret(given: string | undefined, logger: Logger): string {
  if (given !== undefined) return given;
  logger.warn({ event: 'webhook.secret.generated', because: 'WEBHOOK_SECRET is not set' });
  return newWebhookSecret();
}
