import { Webhook } from 'standardwebhooks';

export interface UnsignedWebhook {
  /** The event's id: the same for every attempt, so that a receiver can drop what it has seen. */
  readonly id: string;
  /** When this attempt is made, in unix seconds. */
  readonly timestampSeconds: number;
  /** Exactly what will be sent. */
  readonly body: string;
  /** Each signs, so that a receiver may know any one of them while a secret is being replaced. */
  readonly secrets: readonly [string, ...string[]];
}

export interface WebhookHeaders {
  readonly 'webhook-id': string;
  readonly 'webhook-timestamp': string;
  readonly 'webhook-signature': string;
}

/**
 * Signs one attempt as Standard Webhooks 1.0 does: HMAC-SHA256 over `id.timestamp.body`. Throws on a secret that is
 * not base64, an instant that is not whole seconds and an id with a dot, with which two webhooks could share a text.
 */
export function signWebhook({ id, timestampSeconds, body, secrets }: UnsignedWebhook): WebhookHeaders {
  if (id === '' || id.includes('.')) throw new RangeError(`not the id of a webhook: "${id}"`);
  if (!Number.isSafeInteger(timestampSeconds)) throw new RangeError('a timestamp is whole unix seconds');
  const instant = new Date(timestampSeconds * 1000);
  return {
    'webhook-id': id,
    'webhook-timestamp': String(timestampSeconds),
    'webhook-signature': secrets.map((secret) => new Webhook(secret).sign(id, instant, body)).join(' '),
  };
}
