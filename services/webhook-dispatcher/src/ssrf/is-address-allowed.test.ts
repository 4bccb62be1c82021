import { describe, expect, test } from 'vitest';
import { rulesOf } from '../testing/rules-of.ts';
import { isAddressAllowed } from './is-address-allowed.ts';

const publicOnly = rulesOf();

describe('isAddressAllowed', () => {
  test.each(['8.8.8.8', '1.1.1.1', '93.184.215.14', '2606:4700:4700::1111', '2a00:1450:4001:810::200e'])(
    'the public address %s is allowed',
    (address) => {
      expect(isAddressAllowed(address, publicOnly)).toBe(true);
    },
  );

  test.each([
    ['loopback', '127.0.0.1'],
    ['loopback, not the usual one', '127.255.255.254'],
    ['loopback', '::1'],
    ['this host', '0.0.0.0'],
    ['this network', '0.1.2.3'],
    ['unspecified', '::'],
    ['private', '10.0.0.1'],
    ['private', '172.16.0.1'],
    ['private', '172.31.255.255'],
    ['private', '192.168.1.1'],
    ['unique local', 'fd00::1'],
    ['cloud metadata', '169.254.169.254'],
    ['cloud metadata over IPv6', 'fd00:ec2::254'],
    ['cloud metadata in shared space', '100.100.100.200'],
    ['cloud metadata on a public address', '168.63.129.16'],
    ['link-local', '169.254.0.1'],
    ['link-local', 'fe80::1'],
    ['link-local with a zone', 'fe80::1%eth0'],
    ['site-local', 'fec0::1'],
    ['shared (CGNAT)', '100.64.0.1'],
    ['multicast', '224.0.0.1'],
    ['multicast', 'ff02::1'],
    ['broadcast', '255.255.255.255'],
    ['reserved', '240.0.0.1'],
    ['protocol assignments', '192.0.0.192'],
    ['benchmarking', '198.18.0.1'],
    ['documentation', '192.0.2.1'],
    ['documentation', '2001:db8::1'],
    ['mapped loopback', '::ffff:127.0.0.1'],
    ['mapped private, in hexadecimal', '::ffff:a00:1'],
    ['compatible loopback', '::127.0.0.1'],
    ['translated loopback', '::ffff:0:127.0.0.1'],
    ['NAT64 of loopback', '64:ff9b::7f00:1'],
    ['NAT64 of a public address', '64:ff9b::808:808'],
    ['NAT64, local use', '64:ff9b:1::a00:1'],
    ['6to4 of loopback', '2002:7f00:1::1'],
    ['6to4 of a private address', '2002:a00:1::1'],
    ['Teredo', '2001:0:4136:e378:8000:63bf:3fff:fdd2'],
    ['unassigned', '4000::1'],
    ['no address', 'example.com'],
    ['no address', ''],
  ])('%s is refused: %s', (_what, address) => {
    expect(isAddressAllowed(address, publicOnly)).toBe(false);
  });

  test('a network of the configuration is allowed, and what lies beside it is not', () => {
    const rules = rulesOf({ allow_networks: ['10.1.0.0/16', 'fd12:3456::/32'] });
    expect(isAddressAllowed('10.1.255.255', rules)).toBe(true);
    expect(isAddressAllowed('::ffff:10.1.0.1', rules)).toBe(true);
    expect(isAddressAllowed('fd12:3456::1', rules)).toBe(true);
    expect(isAddressAllowed('10.2.0.0', rules)).toBe(false);
    expect(isAddressAllowed('fd12:3457::1', rules)).toBe(false);
    expect(isAddressAllowed('8.8.8.8', rules)).toBe(true);
  });

  test('all of IPv4 allowed allows no private IPv6', () => {
    const rules = rulesOf({ allow_networks: ['0.0.0.0/0'] });
    expect(isAddressAllowed('127.0.0.1', rules)).toBe(true);
    expect(isAddressAllowed('::1', rules)).toBe(false);
  });
});
