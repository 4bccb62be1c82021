import type { LookupAddress, LookupAllOptions } from 'node:dns';
import type { LookupFunction } from 'node:net';
import type { DeliveryRules } from './delivery-rules.ts';
import { isAddressAllowed } from './is-address-allowed.ts';

/** The part of `dns.lookup` that is used. */
export type Resolve = (
  hostname: string,
  options: LookupAllOptions,
  callback: (error: NodeJS.ErrnoException | null, addresses: LookupAddress[]) => void,
) => void;

/** A name that resolves to no address that deliveries may go to. */
export class AddressRefused extends Error {
  override readonly name = 'AddressRefused';
}

/**
 * Resolves a name for the socket that is about to connect, so the addresses checked are the ones connected to: a name
 * that resolves to something else a moment later gains nothing.
 */
export function createGuardedLookup(rules: DeliveryRules, resolve: Resolve): LookupFunction {
  return (hostname, options, callback) => {
    resolve(hostname, { ...options, all: true }, (error, addresses) => {
      const allowed = error ? [] : addresses.filter(({ address }) => isAddressAllowed(address, rules));
      const [first] = allowed;
      if (!first) callback(error ?? new AddressRefused(hostname), []);
      else if (options.all) callback(null, allowed);
      else callback(null, first.address, first.family);
    });
  };
}
