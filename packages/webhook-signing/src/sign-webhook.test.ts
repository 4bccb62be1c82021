import OpenAI from 'openai';
import { Webhook } from 'standardwebhooks';
import { describe, expect, test } from 'vitest';
import { newWebhookSecret } from './new-webhook-secret.ts';
import { signWebhook, type WebhookHeaders } from './sign-webhook.ts';

/** https://github.com/standard-webhooks/standard-webhooks/blob/main/spec/standard-webhooks.md */
const VECTOR = {
  secret: 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw',
  id: 'msg_p5jXN8AQM9LWM0D4loKWxJek',
  timestampSeconds: 1_614_265_330,
  body: '{"test": 2432232314}',
  signature: 'v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=',
} as const;

const id = 'evt_01kb3v6x8ezq4r0m5t7w9y2a4c';
const body = JSON.stringify({
  id,
  object: 'event',
  type: 'job.completed',
  data: { id: 'job_1', note: 'größe' },
});
const nowSeconds = (): number => Math.floor(Date.now() / 1000);
const sign = (...secrets: [string, ...string[]]): WebhookHeaders =>
  signWebhook({ id, timestampSeconds: nowSeconds(), body, secrets });

describe('signWebhook', () => {
  test("writes the signature of the specification's example", () => {
    expect(signWebhook({ ...VECTOR, secrets: [VECTOR.secret] })).toEqual({
      'webhook-id': VECTOR.id,
      'webhook-timestamp': '1614265330',
      'webhook-signature': VECTOR.signature,
    });
  });

  test('is verified by the standardwebhooks library', () => {
    const secret = newWebhookSecret();
    expect(new Webhook(secret).verify(body, { ...sign(secret) })).toEqual(JSON.parse(body));
    expect(() => new Webhook(newWebhookSecret()).verify(body, { ...sign(secret) })).toThrow('No matching');
  });

  test('is unwrapped by the OpenAI SDK', async () => {
    const client = new OpenAI({ apiKey: 'unused' });
    const secret = newWebhookSecret();
    await expect(client.webhooks.unwrap(body, { ...sign(secret) }, secret)).resolves.toEqual(
      JSON.parse(body),
    );
    await expect(client.webhooks.unwrap(`${body} `, { ...sign(secret) }, secret)).rejects.toThrow(
      'does not match',
    );
  });

  test('with two secrets, a receiver that knows either of them is content', async () => {
    const [old, fresh] = [newWebhookSecret(), newWebhookSecret()];
    const headers = sign(old, fresh);
    const client = new OpenAI({ apiKey: 'unused' });
    expect(headers['webhook-signature'].split(' ')).toHaveLength(2);
    for (const secret of [old, fresh]) {
      expect(new Webhook(secret).verify(body, { ...headers })).toEqual(JSON.parse(body));
      // one receiver after the other
      await expect(client.webhooks.unwrap(body, { ...headers }, secret)).resolves.toBeDefined();
    }
  });

  test.each(['', 'evt_1.2'])('the id %j is refused: it could be read as part of another text', (wrong) => {
    expect(() => signWebhook({ ...VECTOR, id: wrong, secrets: [VECTOR.secret] })).toThrow(RangeError);
  });

  test('milliseconds in place of whole seconds are refused', () => {
    expect(() => signWebhook({ ...VECTOR, timestampSeconds: 1.5, secrets: [VECTOR.secret] })).toThrow(
      RangeError,
    );
  });
});
