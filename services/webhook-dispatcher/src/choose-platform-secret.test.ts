import { expect, test } from 'vitest';
import { choosePlatformSecret } from './choose-platform-secret.ts';
import { followLog } from './testing/follow-log.ts';

test('the given secret is used and not spoken of', () => {
  const log = followLog();
  expect(choosePlatformSecret('whsec_given', log.logger)).toBe('whsec_given');
  expect(log.text()).toBe('');
});

test('without one, each process makes its own and says so without telling it', async () => {
  const log = followLog();
  const secret = choosePlatformSecret(undefined, log.logger);
  expect(secret).toMatch(/^whsec_/);
  expect(choosePlatformSecret(undefined, log.logger)).not.toBe(secret);
  await log.first(2, 'webhook.secret.generated');
  expect(log.text()).not.toContain('whsec_');
});
