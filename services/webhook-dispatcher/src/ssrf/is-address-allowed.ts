import ipaddr from 'ipaddr.js';
import type { DeliveryRules } from './delivery-rules.ts';

/**
 * Whether a delivery may connect to an address: public unicast, or in a network the configuration allows. Loopback,
 * private, link-local, shared (CGNAT), multicast, reserved and those that embed another address (NAT64, 6to4, Teredo)
 * are refused; an IPv4-mapped address counts as the IPv4 address it reaches.
 */
export function isAddressAllowed(address: string, { allowNetworks }: DeliveryRules): boolean {
  if (!ipaddr.isValid(address)) return false;
  const parsed = ipaddr.process(address);
  return isPublic(parsed) || allowNetworks.some((network) => contains(network, parsed));
}

type Address = ipaddr.IPv4 | ipaddr.IPv6;

function isPublic(address: Address): boolean {
  if (address.range() !== 'unicast') return false;
  // 2000::/3 is all the unicast space there is; ::/96, which embeds IPv4, is unicast to the library
  // https://www.iana.org/assignments/ipv6-address-space
  return address instanceof ipaddr.IPv6
    ? address.match(GLOBAL_UNICAST, 3)
    : address.toString() !== AZURE_METADATA;
}

const contains = ([base, prefixLength]: DeliveryRules['allowNetworks'][number], address: Address): boolean =>
  base.kind() === address.kind() && address.match(base, prefixLength);

const GLOBAL_UNICAST = ipaddr.IPv6.parse('2000::');
/** A public address that a host in Azure answers itself. https://learn.microsoft.com/azure/virtual-network/what-is-ip-address-168-63-129-16 */
const AZURE_METADATA = '168.63.129.16';
