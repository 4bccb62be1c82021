import { expect, test } from 'vitest';
import { newWebhookSecret } from './new-webhook-secret.ts';

test('a new secret holds 32 bytes and no two are alike', () => {
  const [one, other] = [newWebhookSecret(), newWebhookSecret()];
  expect(Buffer.from(one.slice('whsec_'.length), 'base64')).toHaveLength(32);
  expect(one).toMatch(/^whsec_[A-Za-z0-9+/]{43}=$/);
  expect(one).not.toBe(other);
});
