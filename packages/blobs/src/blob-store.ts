import type { TenantId } from '@spillway/core';

/**
 * Where a blob stands. Every key begins with the tenant that owns it, so one tenant's names can never reach another's.
 *
 * A path is one or more segments of `A-Za-z0-9._-` joined by `/`, none of them `.` or `..`, a segment at most 200 and
 * the path at most 512 characters. Paths are ours and not the user's: an illegal one throws.
 */
export interface BlobKey {
  readonly tenantId: TenantId;
  readonly path: string;
}

export interface BlobInfo {
  readonly key: BlobKey;
  readonly bytes: number;
  /** Of the content, in lower case hex. */
  readonly sha256: string;
  readonly createdAtMs: number;
  readonly expiresAtMs: number | undefined;
}

export type BlobWrite =
  | { readonly kind: 'written'; readonly info: BlobInfo }
  | { readonly kind: 'too-large'; readonly mostBytes: number };

export type BlobSource = AsyncIterable<Uint8Array> | Iterable<Uint8Array>;

export interface WriteOptions {
  readonly signal: AbortSignal;
  /** More than this is answered `too-large`; without it there is no limit. */
  readonly mostBytes?: number | undefined;
  /** From this instant on the blob is hidden, and deleted by the next sweep. */
  readonly expiresAtMs?: number | undefined;
}

/** Counted in bytes from the beginning, end exclusive, clipped to the blob. */
export interface ByteRange {
  readonly start: number;
  readonly end?: number | undefined;
}

export interface ReadOptions {
  readonly signal: AbortSignal;
  readonly range?: ByteRange | undefined;
}

/** Can be read once. It holds a file or a connection until it is read to its end, left early or disposed of. */
export interface BlobBody extends AsyncIterable<Uint8Array>, AsyncDisposable {}

export interface BlobRead {
  readonly info: BlobInfo;
  readonly body: BlobBody;
}

/**
 * Files by key. Every call ends early with the signal's reason when that aborts, and rejects with
 * `BlobStoreUnavailable` when the medium fails; any other rejection is a bug or an error of the source.
 */
export interface BlobStore {
  /**
   * Streams the source in. The blob is visible whole after this resolved, or not at all: an abort, a source that
   * throws, one too large and a dead process leave the key as it was. An older blob of the key is replaced atomically.
   */
  write(key: BlobKey, source: BlobSource, options: WriteOptions): Promise<BlobWrite>;
  /** The blob as it is now, whatever replaces it later; undefined when there is none or it has expired. */
  read(key: BlobKey, options: ReadOptions): Promise<BlobRead | undefined>;
  stat(key: BlobKey, options: CallOptions): Promise<BlobInfo | undefined>;
  /** Resolves too when there is none. */
  delete(key: BlobKey, options: CallOptions): Promise<void>;
  /** Deletes every blob at or below a prefix, the expired too, and says how many. */
  deletePrefix(prefix: BlobPrefix, options: CallOptions): Promise<number>;
  /** Every blob at or below a prefix that has not expired, ordered by path (by character code). */
  list(prefix: BlobPrefix, options: CallOptions): AsyncIterable<BlobInfo>;
  /**
   * Deletes what has expired by `nowMs` and what writers left that died more than 24 hours before; says how many.
   * One call does a bounded piece of the work and the next one goes on from there: call it every few minutes.
   */
  sweep(nowMs: number, options: CallOptions): Promise<number>;
}

interface CallOptions {
  readonly signal: AbortSignal;
}

/** The blob with this path and those whose path begins with it and a `/`; the empty path means all of the tenant's. */
export type BlobPrefix = BlobKey;
