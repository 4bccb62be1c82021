import { createClient, SpillwayError } from '@spillway/client';
import type { Credentials } from '../credentials.ts';
import { UsageError } from '../usage-error.ts';
import { found, type Finding } from './finding.ts';

const LIMIT_MS = 3000;

/** Whether a platform is known from here, answers, and takes work. None running is no obstacle to starting one. */
export async function checkPlatform(credentials: () => Credentials, signal: AbortSignal): Promise<Finding> {
  try {
    const { url, apiKey } = credentials();
    const client = createClient({ url, apiKey, userAgent: 'spillway-cli', timeoutMs: LIMIT_MS });
    const health = await client.health({ signal });
    if (!health.ready) return info(`${url} answers but is not ready: ${health.detail}`, 'look at its log');
    // ready is public; a listing tells whether the key is known there
    await client.list({ limit: 1 }, { signal });
    return found('platform', `${url} is ready`);
  } catch (error) {
    if (error instanceof UsageError)
      return info('none is known from this folder', 'start one here with "npm start"');
    if (!(error instanceof SpillwayError)) throw error;
    const fix = error.code === 'unreachable' ? 'start it with "npm start"' : 'check --url and --api-key';
    return info(error.detail, fix);
  }
}

const info = (detail: string, fix: string): Finding => ({ name: 'platform', status: 'info', detail, fix });
