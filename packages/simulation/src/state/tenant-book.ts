import { BURST_CREDIT, type TenantId, type TenantView } from '@spillway/core';

interface Account {
  readonly weight: number;
  virtualTokens: number;
  /** What it counts for where others begin while it waits: without its credit, and without what it was given back. */
  standing: number;
  /** Jobs in lanes. */
  waiting: number;
}

/**
 * Virtual token counters by the rules of the store: a tenant that nothing waited of begins with the one to be served
 * next, or while nobody waits with the one served last, less a credit for a burst that nobody else begins lower by.
 */
export class TenantBook {
  readonly #weights: Readonly<Record<string, number>>;
  readonly #accounts = new Map<TenantId, Account>();
  readonly #active = new Set<Account>();
  #last: Account | undefined;
  /** What it counted for just before it was served. */
  #lastStanding = 0;
  /** What a snapshot shows: of every tenant, what it has been charged. */
  readonly views = new Map<TenantId, TenantView>();

  constructor(weights: Readonly<Record<string, number>>) {
    this.#weights = weights;
  }

  /** Call it before a job waits. */
  enter(tenantId: TenantId): void {
    const account = this.#accountOf(tenantId);
    if (account.waiting === 0) {
      const base = this.#base();
      account.standing = Math.max(account.virtualTokens, base);
      account.virtualTokens = Math.max(account.virtualTokens, base - BURST_CREDIT);
      this.#active.add(account);
      this.#show(tenantId, account);
    }
    account.waiting += 1;
  }

  /** Call it when a job waits no longer. */
  leave(tenantId: TenantId): void {
    const account = this.#accountOf(tenantId);
    account.waiting -= 1;
    if (account.waiting === 0) this.#active.delete(account);
  }

  /** Charges a job that is dispatched. */
  serve(tenantId: TenantId, virtualTokens: number): void {
    this.#last = this.#accountOf(tenantId);
    this.#lastStanding = this.#last.standing;
    this.charge(tenantId, virtualTokens);
  }

  /** Below 0 gives back, to the tenant alone. */
  charge(tenantId: TenantId, virtualTokens: number): void {
    const account = this.#accountOf(tenantId);
    account.virtualTokens = Math.max(0, account.virtualTokens + virtualTokens);
    account.standing = Math.max(account.standing, account.virtualTokens);
    this.#show(tenantId, account);
  }

  #base(): number {
    let least = Number.POSITIVE_INFINITY;
    for (const { standing } of this.#active) least = Math.min(least, standing);
    return Number.isFinite(least) ? least : Math.max(this.#last?.virtualTokens ?? 0, this.#lastStanding);
  }

  #accountOf(tenantId: TenantId): Account {
    const known = this.#accounts.get(tenantId);
    if (known !== undefined) return known;
    const account = { weight: this.#weights[tenantId] ?? 1, virtualTokens: 0, standing: 0, waiting: 0 };
    this.#accounts.set(tenantId, account);
    return account;
  }

  #show(tenantId: TenantId, { weight, virtualTokens }: Account): void {
    this.views.set(tenantId, { weight, virtualTokens });
  }
}
