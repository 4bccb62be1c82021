import { createHash, randomBytes } from 'node:crypto';
import type { TenantId } from '@spillway/core';
import type { BlobBody, BlobKey, BlobStore } from '../blob-store.ts';

/** A store on a medium of its own, for one test of the contract. */
interface StoreUnderTest extends AsyncDisposable {
  readonly blobs: BlobStore;
  /** How much lies on the medium that belongs to no blob: what writers left. */
  leftovers(): Promise<number>;
  /** Leaves what a writer leaves that dies in the middle. */
  plantLeftover(): Promise<void>;
  /** How many blobs lie on the medium, hidden or not. */
  stored(): Promise<number>;
}

export type OpenStore = (nowMs: () => number) => Promise<StoreUnderTest>;

export const MEBIBYTE = 1024 * 1024;

export const keyOf = (path: string, tenant = 'acme'): BlobKey => ({ tenantId: tenant as TenantId, path });

/** Random bytes in pieces of 100,000: no block and no part ends where a piece does. */
export function randomPieces(bytes: number): Uint8Array[] {
  const whole = randomBytes(bytes);
  return Array.from({ length: Math.ceil(bytes / 100_000) }, (_, index) =>
    whole.subarray(index * 100_000, (index + 1) * 100_000),
  );
}

export const sha256Of = (pieces: readonly Uint8Array[]): string =>
  pieces.reduce((hash, piece) => hash.update(piece), createHash('sha256')).digest('hex');

export async function piecesOf(body: BlobBody | undefined): Promise<Uint8Array[]> {
  const pieces: Uint8Array[] = [];
  if (body) for await (const piece of body) pieces.push(piece);
  return pieces;
}

export const textOf = async (body: BlobBody | undefined): Promise<string> =>
  Buffer.concat(await piecesOf(body)).toString();

/** Writes a text and throws unless it was written. */
export async function writeText(
  blobs: BlobStore,
  key: BlobKey,
  text: string,
  expiresAtMs?: number,
): Promise<void> {
  const written = await blobs.write(key, [Buffer.from(text)], { signal: UNENDING, expiresAtMs });
  if (written.kind !== 'written') throw new Error(`not written: ${written.kind}`);
}

/** A signal that never aborts. */
export const UNENDING: AbortSignal = new AbortController().signal;
