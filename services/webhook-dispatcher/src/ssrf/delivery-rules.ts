import type { Config } from '@spillway/contracts';
import { err, ok, type Result } from '@spillway/core';
import ipaddr from 'ipaddr.js';

/** Where deliveries may go, and how long one attempt may take. */
export interface DeliveryRules {
  readonly allowNetworks: readonly Network[];
  readonly allowPorts: 'any' | ReadonlySet<number>;
  readonly timeoutMs: number;
}

export type Network = readonly [ipaddr.IPv4 | ipaddr.IPv6, prefixLength: number];

/** Reads the `webhooks` part of the configuration; fails with every network that is not in CIDR notation. */
export function parseDeliveryRules(webhooks: Config['webhooks']): Result<DeliveryRules, readonly string[]> {
  const malformed = webhooks.allow_networks.filter((network) => !ipaddr.isValidCIDR(network));
  if (malformed.length > 0)
    return err(
      malformed.map((network) => `webhooks.allow_networks: "${network}" is not a CIDR like 10.1.0.0/16`),
    );
  return ok({
    allowNetworks: webhooks.allow_networks.map((network) => ipaddr.parseCIDR(network)),
    allowPorts: webhooks.allow_ports === 'any' ? 'any' : new Set(webhooks.allow_ports),
    timeoutMs: webhooks.timeout_seconds * 1000,
  });
}
