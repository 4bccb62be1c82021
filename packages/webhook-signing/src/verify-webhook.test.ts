import { afterEach, describe, expect, test, vi } from 'vitest';
import { newWebhookSecret } from './new-webhook-secret.ts';
import { signWebhook, type WebhookHeaders } from './sign-webhook.ts';
import { verifyWebhook, type WebhookVerification } from './verify-webhook.ts';

/** https://github.com/standard-webhooks/standard-webhooks/blob/main/spec/standard-webhooks.md */
const VECTOR = {
  secret: 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw',
  id: 'msg_p5jXN8AQM9LWM0D4loKWxJek',
  timestampSeconds: 1_614_265_330,
  body: '{"test": 2432232314}',
  signature: 'v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=',
} as const;

const secret = newWebhookSecret();
const id = 'evt_01kb3v6x8ezq4r0m5t7w9y2a4c';
const body = JSON.stringify({
  id,
  object: 'event',
  type: 'job.completed',
  data: { id: 'job_1', note: 'größe' },
});
const nowSeconds = (): number => Math.floor(Date.now() / 1000);
const sign = (key: string): WebhookHeaders =>
  signWebhook({ id, timestampSeconds: nowSeconds(), body, secrets: [key] });
const at = (timestampSeconds: number): WebhookVerification =>
  verifyWebhook({
    headers: { ...signWebhook({ id, timestampSeconds, body, secrets: [secret] }) },
    body,
    secrets: [secret],
  });

afterEach(() => {
  vi.useRealTimers();
});

describe('verifyWebhook', () => {
  test("accepts the specification's example at its time", () => {
    vi.useFakeTimers({ now: VECTOR.timestampSeconds * 1000, toFake: ['Date'] });
    const headers = {
      'webhook-id': VECTOR.id,
      'webhook-timestamp': String(VECTOR.timestampSeconds),
      'webhook-signature': VECTOR.signature,
    };
    expect(verifyWebhook({ headers, body: VECTOR.body, secrets: [VECTOR.secret] })).toEqual({
      ok: true,
      value: { id: VECTOR.id, timestampSeconds: VECTOR.timestampSeconds, body: VECTOR.body },
    });
  });

  test('takes headers and bodies as fetch and node:http give them', () => {
    const headers = sign(secret);
    const accepted = { ok: true, value: { id, body } };
    expect(verifyWebhook({ headers: new Headers({ ...headers }), body, secrets: [secret] })).toMatchObject(
      accepted,
    );
    expect(
      verifyWebhook({
        headers: {
          'Webhook-Id': id,
          'webhook-timestamp': [headers['webhook-timestamp']],
          'WEBHOOK-SIGNATURE': headers['webhook-signature'],
        },
        body: new TextEncoder().encode(body),
        secrets: [secret],
      }),
    ).toMatchObject(accepted);
  });

  test('accepts any one of several secrets', () => {
    expect(
      verifyWebhook({ headers: { ...sign(secret) }, body, secrets: [newWebhookSecret(), secret] }),
    ).toMatchObject({
      ok: true,
    });
  });

  test('rejects another secret, another body and another id', () => {
    const headers = { ...sign(secret) };
    const mismatch = { ok: false, error: { kind: 'signature-mismatch' } };
    expect(verifyWebhook({ headers, body, secrets: [newWebhookSecret()] })).toEqual(mismatch);
    expect(verifyWebhook({ headers, body: `${body}\n`, secrets: [secret] })).toEqual(mismatch);
    expect(
      verifyWebhook({ headers: { ...headers, 'webhook-id': 'evt_2' }, body, secrets: [secret] }),
    ).toEqual(mismatch);
  });

  test('rejects bytes that are not UTF-8, even where their replacement was signed', () => {
    const signed = signWebhook({ id, timestampSeconds: nowSeconds(), body: '\u{FFFD}', secrets: [secret] });
    expect(verifyWebhook({ headers: { ...signed }, body: Uint8Array.of(0xff), secrets: [secret] })).toEqual({
      ok: false,
      error: { kind: 'signature-mismatch' },
    });
  });

  test.each(['webhook-id', 'webhook-timestamp', 'webhook-signature'])(
    'names the missing header %s',
    (header) => {
      expect(
        verifyWebhook({ headers: { ...sign(secret), [header]: undefined }, body, secrets: [secret] }),
      ).toEqual({
        ok: false,
        error: { kind: 'header-missing', header },
      });
    },
  );

  test('rejects what was sent more than five minutes ago, or will have been', () => {
    vi.useFakeTimers({ now: 1_700_000_000_000, toFake: ['Date'] });
    const outside = { ok: false, error: { kind: 'timestamp-out-of-tolerance' } };
    expect(at(1_700_000_000 - 300)).toMatchObject({ ok: true });
    expect(at(1_700_000_000 + 300)).toMatchObject({ ok: true });
    expect(at(1_700_000_000 - 301)).toEqual(outside);
    expect(at(1_700_000_000 + 301)).toEqual(outside);
  });

  test('rejects a timestamp that is no number of seconds', () => {
    expect(
      verifyWebhook({ headers: { ...sign(secret), 'webhook-timestamp': 'now' }, body, secrets: [secret] }),
    ).toEqual({ ok: false, error: { kind: 'timestamp-out-of-tolerance' } });
  });
});
