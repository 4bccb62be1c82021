import type { TenantId } from '@spillway/core';

const MINUTE_MS = 60_000;

/** At most so many requests of a tenant in any minute; those refused do not count. */
export class RequestCap {
  readonly #most: number;
  readonly #accepted = new Map<TenantId, number[]>();

  constructor(most: number) {
    this.#most = most;
  }

  allows(tenantId: TenantId, atMs: number): boolean {
    const recent = (this.#accepted.get(tenantId) ?? []).filter((earlierMs) => atMs - earlierMs <= MINUTE_MS);
    const isAllowed = recent.length < this.#most;
    if (isAllowed) recent.push(atMs);
    this.#accepted.set(tenantId, recent);
    return isAllowed;
  }
}
