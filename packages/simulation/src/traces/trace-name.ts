import { createHash } from 'node:crypto';
import { parseName } from '@spillway/core';

/**
 * A tenant's or key's name that the configuration could have, too: a trace's own one where it is well-formed, so that
 * weights find it; else what is readable of it and a digest, so that different names stay different.
 */
export function traceName(raw: string): string {
  if (parseName('TenantId', raw).ok) return raw;
  const readable = raw
    .slice(0, 200)
    .toLowerCase()
    .replaceAll(/[^a-z0-9]+/g, '-')
    .replaceAll(/^-|-$/g, '')
    .slice(0, 32);
  const digest = createHash('sha256').update(raw).digest('hex').slice(0, 8);
  return readable === '' ? `t-${digest}` : `${readable}-${digest}`;
}
