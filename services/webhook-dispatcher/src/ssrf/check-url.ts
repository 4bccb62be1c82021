import { isIP } from 'node:net';
import { type DeliveryRefusal, err, ok, type Result } from '@spillway/core';
import type { DeliveryRules } from './delivery-rules.ts';
import { isAddressAllowed } from './is-address-allowed.ts';

/**
 * What can be told from the URL alone. A literal address is checked here because connecting to one looks nothing up;
 * a name is checked when it is resolved.
 */
export function checkUrl(raw: string, rules: DeliveryRules): Result<URL, DeliveryRefusal> {
  const url = URL.parse(raw);
  if (!url) return err('malformed-url');
  const defaultPort = DEFAULT_PORTS.get(url.protocol);
  if (defaultPort === undefined) return err('protocol');
  if (url.username !== '' || url.password !== '') return err('credentials');
  const port = url.port === '' ? defaultPort : Number(url.port);
  if (rules.allowPorts !== 'any' && !rules.allowPorts.has(port)) return err('port');
  const host = url.hostname.replace(/^\[(.*)\]$/, '$1');
  return isIP(host) !== 0 && !isAddressAllowed(host, rules) ? err('address') : ok(url);
}

const DEFAULT_PORTS: ReadonlyMap<string, number> = new Map([
  ['http:', 80],
  ['https:', 443],
]);
