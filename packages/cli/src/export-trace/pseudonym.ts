import { createHmac } from 'node:crypto';

/**
 * A name that stands for another one: HMAC-SHA-256 under the API key, so that the same key gives the same pseudonym
 * tomorrow, and nobody without the key can find out by guessing whom it stands for.
 */
export const pseudonym = (apiKey: string, kind: 'tenant' | 'customer', name: string): string =>
  `${kind[0]}-${createHmac('sha256', apiKey).update(`spillway trace ${kind}\n${name}`).digest('hex').slice(0, 12)}`;
