import { randomBytes } from 'node:crypto';

/** A new secret for signing: `whsec_` and 32 random bytes in base64. Standard Webhooks asks for 24 to 64. */
export const newWebhookSecret = (): string => `whsec_${randomBytes(32).toString('base64')}`;
