import type { LookupAddress } from 'node:dns';
import { expect, test } from 'vitest';
import { rulesOf } from '../testing/rules-of.ts';
import { AddressRefused, createGuardedLookup, type Resolve } from './create-guarded-lookup.ts';

const PUBLIC = { address: '93.184.215.14', family: 4 };
const PUBLIC_V6 = { address: '2606:4700:4700::1111', family: 6 };
const LOOPBACK = { address: '127.0.0.1', family: 4 };

const resolveTo =
  (...addresses: LookupAddress[]): Resolve =>
  (_hostname, _options, callback) =>
    callback(null, addresses);

const lookUp = (resolve: Resolve, all: boolean): Promise<unknown> =>
  new Promise((settle) => {
    createGuardedLookup(rulesOf(), resolve)('hooks.example.com', { all }, (error, address, family) =>
      settle(error ?? (all ? address : { address, family })),
    );
  });

test('only the addresses that may be connected to reach the socket', async () => {
  expect(await lookUp(resolveTo(LOOPBACK, PUBLIC, PUBLIC_V6), true)).toEqual([PUBLIC, PUBLIC_V6]);
  expect(await lookUp(resolveTo(LOOPBACK, PUBLIC, PUBLIC_V6), false)).toEqual(PUBLIC);
});

test.each([true, false])('a name with none of them is refused (all: %s)', async (all) => {
  expect(await lookUp(resolveTo(LOOPBACK), all)).toBeInstanceOf(AddressRefused);
});

test('a name that does not resolve fails as it does without the guard', async () => {
  const unknown = Object.assign(new Error('getaddrinfo ENOTFOUND'), { code: 'ENOTFOUND' });
  expect(await lookUp((_hostname, _options, callback) => callback(unknown, []), true)).toBe(unknown);
});
