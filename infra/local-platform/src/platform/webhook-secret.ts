import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { newWebhookSecret } from '@spillway/webhook-signing';

/**
 * What signs the webhooks of jobs that bring no secret of their own: the same over all starts with one data folder,
 * in a file that only this user can read.
 */
export function openWebhookSecret(dataDir: string): string {
  const path = join(dataDir, 'webhook-secret');
  try {
    const known = readFileSync(path, 'utf8').trim();
    if (known !== '') return known;
  } catch {
    // The first start, or a file that is gone: a new secret is right for both.
  }
  const secret = newWebhookSecret();
  writeFileSync(path, `${secret}\n`, { mode: 0o600 });
  return secret;
}
