import type { TenantId } from '@spillway/core';
import { cellNames, type CellsConfig } from './cells.ts';

/**
 * The cell a tenant stands in: its pin, or the cell whose hash together with the tenant's name is the highest (rendezvous
 * hashing, Thaler and Ravishankar 1998). With one more cell only those tenants move that move to it, about 1 in n; with
 * one less only its own.
 */
export function cellOf(cells: CellsConfig, tenantId: TenantId): string {
  const pin = cells.pins[tenantId];
  if (pin !== undefined) return pin;
  let chosen = '';
  let highest = -1;
  for (const name of cellNames(cells)) {
    const weight = hash32(`${name} ${tenantId}`);
    // Equal weights, one time in 2^32, go to the first name, in whatever order they stand.
    if (weight > highest || (weight === highest && name < chosen)) {
      chosen = name;
      highest = weight;
    }
  }
  return chosen;
}

/**
 * FNV-1a, finished as MurmurHash3 does, since FNV alone leaves names alike that differ in their last letter alone. Part of
 * what is stored: with another function every tenant would stand elsewhere.
 */
function hash32(text: string): number {
  let hash = 0x811c9dc5;
  for (let index = 0; index < text.length; index += 1) {
    hash = Math.imul(hash ^ text.charCodeAt(index), 0x01000193);
  }
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
  return (hash ^ (hash >>> 16)) >>> 0;
}
