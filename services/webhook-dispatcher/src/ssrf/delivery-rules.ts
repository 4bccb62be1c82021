import type { Config } from '@spillway/contracts';
import ipaddr from 'ipaddr.js';

/** Where deliveries may go, and how long one attempt may take. */
export interface DeliveryRules {
  readonly allowNetworks: readonly Network[];
  readonly allowPorts: 'any' | ReadonlySet<number>;
  readonly timeoutMs: number;
}

type Network = readonly [ipaddr.IPv4 | ipaddr.IPv6, prefixLength: number];

/** The `webhooks` part of a valid configuration, ready to compare addresses with. */
export const toDeliveryRules = (webhooks: Config['webhooks']): DeliveryRules => ({
  allowNetworks: webhooks.allow_networks.map((network) => ipaddr.parseCIDR(network)),
  allowPorts: webhooks.allow_ports === 'any' ? 'any' : new Set(webhooks.allow_ports),
  timeoutMs: webhooks.timeout_seconds * 1000,
});
