import type { TenantId } from '@spillway/core';
import { expect, test } from 'vitest';
import { createPlaces } from './places.ts';

const [acme, other] = ['acme' as TenantId, 'other' as TenantId];
const forever = new AbortController().signal;

test('a tenant that has all its places gets no more, which costs nobody else anything', () => {
  const places = createPlaces(2);
  places.take(acme, forever);
  places.take(acme, forever);
  expect(() => places.take(acme, forever)).toThrow('2 streams are open; at most 2 may be');
  expect(() => places.take(other, forever)).not.toThrow();
});

test('a place comes back once: when it is given back or its client goes away, not for each', () => {
  const places = createPlaces(1);
  const leave = new AbortController();
  const giveBack = places.take(acme, leave.signal);
  leave.abort();
  giveBack();
  giveBack();
  places.take(acme, forever);
  expect(() => places.take(acme, forever)).toThrow('at most 1');
});

test('a client that has left already holds no place', () => {
  const places = createPlaces(1);
  places.take(acme, AbortSignal.abort());
  expect(() => places.take(acme, forever)).not.toThrow();
});
