import { Webhook, WebhookVerificationError } from 'standardwebhooks';

export interface ReceivedWebhook {
  /** As `fetch` or node:http give them. */
  readonly headers: Headers | Readonly<Record<string, string | readonly string[] | undefined>>;
  /** The bytes as they came, before any parsing. */
  readonly body: string | Uint8Array;
  /** Those this receiver accepts; more than one while a secret is being replaced. */
  readonly secrets: readonly [string, ...string[]];
}

export interface VerifiedWebhook {
  /** The same in every attempt: drop what you have seen. */
  readonly id: string;
  readonly timestampSeconds: number;
  /** The text that was signed, safe to parse. */
  readonly body: string;
}

export type WebhookRejection =
  | { readonly kind: 'header-missing'; readonly header: string }
  /** Sent more than five minutes ago or from now by this clock: perhaps a replay. */
  | { readonly kind: 'timestamp-out-of-tolerance' }
  | { readonly kind: 'signature-mismatch' };

export type WebhookVerification =
  | { readonly ok: true; readonly value: VerifiedWebhook }
  | { readonly ok: false; readonly error: WebhookRejection };

const TOLERANCE_SECONDS = 300;

/** Whether a webhook was signed with one of the secrets within the last five minutes. Throws on a malformed secret. */
export function verifyWebhook({ headers, body, secrets }: ReceivedWebhook): WebhookVerification {
  const id = readHeader(headers, 'webhook-id');
  if (!id) return reject({ kind: 'header-missing', header: 'webhook-id' });
  const timestamp = readHeader(headers, 'webhook-timestamp');
  if (!timestamp) return reject({ kind: 'header-missing', header: 'webhook-timestamp' });
  const signature = readHeader(headers, 'webhook-signature');
  if (!signature) return reject({ kind: 'header-missing', header: 'webhook-signature' });

  const timestampSeconds = /^\d{1,12}$/.test(timestamp) ? Number(timestamp) : Number.NaN;
  if (!(Math.abs(Date.now() / 1000 - timestampSeconds) <= TOLERANCE_SECONDS))
    return reject({ kind: 'timestamp-out-of-tolerance' });

  const text = typeof body === 'string' ? body : decode(body);
  const signed = { 'webhook-id': id, 'webhook-timestamp': timestamp, 'webhook-signature': signature };
  return text !== undefined && secrets.some((secret) => isSignedWith(secret, text, signed))
    ? { ok: true, value: { id, timestampSeconds, body: text } }
    : reject({ kind: 'signature-mismatch' });
}

function isSignedWith(secret: string, text: string, headers: Record<string, string>): boolean {
  const webhook = new Webhook(secret);
  try {
    webhook.verify(text, headers, { jsonParse: false });
    return true;
  } catch (error) {
    if (error instanceof WebhookVerificationError) return false;
    throw error;
  }
}

function readHeader(headers: ReceivedWebhook['headers'], name: string): string | undefined {
  if (headers instanceof Headers) return headers.get(name) ?? undefined;
  const value = Object.entries(headers).find(([key]) => key.toLowerCase() === name)?.[1];
  return typeof value === 'string' ? value : value?.join(' ');
}

/** Undefined for bytes that are not UTF-8: replacing some of them would verify a body nobody signed. */
function decode(bytes: Uint8Array): string | undefined {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    return undefined;
  }
}

const reject = (error: WebhookRejection): WebhookVerification => ({ ok: false, error });
