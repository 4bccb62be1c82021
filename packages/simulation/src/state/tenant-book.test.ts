import { BURST_CREDIT, type TenantId } from '@spillway/core';
import { expect, test } from 'vitest';
import { TenantBook } from './tenant-book.ts';

const [busy, other, late] = ['busy', 'other', 'late'] as TenantId[] as [TenantId, TenantId, TenantId];
const tokensOf = (book: TenantBook, tenantId: TenantId): number | undefined =>
  book.views.get(tenantId)?.virtualTokens;
/** A job that waits and is dispatched. */
function run(book: TenantBook, tenantId: TenantId, virtualTokens: number): void {
  book.enter(tenantId);
  book.leave(tenantId);
  book.serve(tenantId, virtualTokens);
}

test('a tenant that nothing waited of begins with the one that is to be served next', () => {
  const book = new TenantBook({ busy: 2 });
  book.enter(busy);
  book.enter(other);
  book.serve(busy, 50_000);
  book.serve(other, 30_000);
  book.enter(late);
  expect([tokensOf(book, late), book.views.get(busy)?.weight, book.views.get(late)?.weight]).toEqual([
    30_000 - BURST_CREDIT,
    2,
    1,
  ]);
});

test('a tenant begins no lower than the one before: neither by its credit nor by what it was given back', () => {
  const book = new TenantBook({});
  book.enter(busy);
  book.charge(busy, 1_000_000);
  for (let index = 0; index < 50; index += 1) {
    const newcomer = `newcomer-${index}` as TenantId;
    book.enter(newcomer);
    expect(tokensOf(book, newcomer)).toBe(1_000_000 - BURST_CREDIT);
    book.charge(newcomer, 4000);
    book.charge(newcomer, -8000);
  }
  book.charge(busy, -500_000);
  book.enter(late);
  expect(tokensOf(book, late)).toBe(1_000_000 - BURST_CREDIT);
});

test('a tenant begins no lower than the one that came and was served before it, while nobody waits', () => {
  const book = new TenantBook({});
  run(book, busy, 1_000_000);
  for (let index = 0; index < 50; index += 1) {
    const newcomer = `newcomer-${index}` as TenantId;
    run(book, newcomer, 100);
    expect(tokensOf(book, newcomer)).toBe(1_000_100 - BURST_CREDIT);
  }
});

test('a tenant begins further on once all that wait have been charged more than their credit', () => {
  const book = new TenantBook({});
  book.enter(busy);
  book.charge(busy, 1_000_000);
  book.enter(other);
  book.charge(other, BURST_CREDIT + 700);
  book.charge(busy, 500);
  book.enter(late);
  expect(tokensOf(book, late)).toBe(1_000_500 - BURST_CREDIT);
});

test('what was dispatched counts for nothing where others begin', () => {
  for (const tenantId of [late, busy]) {
    const book = new TenantBook({});
    book.enter(busy);
    book.enter(other);
    book.leave(busy);
    book.serve(busy, 10_000);
    book.serve(other, 90_000);
    book.enter(tenantId);
    expect(tokensOf(book, tenantId)).toBe(90_000 - BURST_CREDIT);
  }
});

test('a tenant is not lifted while a job of it waits', () => {
  const book = new TenantBook({});
  book.enter(late);
  book.enter(busy);
  book.serve(busy, 50_000);
  book.enter(late);
  book.leave(late);
  book.enter(late);
  expect(tokensOf(book, late)).toBe(0);
});

test('while nobody waits, a tenant begins with the one that was served last, whatever was corrected since', () => {
  const book = new TenantBook({});
  run(book, other, 5000);
  run(book, busy, 70_000);
  book.charge(other, 5);
  book.enter(late);
  expect(tokensOf(book, late)).toBe(70_000 - BURST_CREDIT);
});

test('idling saves nothing up and costs nothing, and nobody gets below zero', () => {
  const book = new TenantBook({});
  run(book, busy, 20_000);
  run(book, other, 100_000);
  book.enter(busy);
  expect(tokensOf(book, busy)).toBe(110_000 - BURST_CREDIT);
  book.charge(busy, -500_000);
  expect(tokensOf(book, busy)).toBe(0);
});
