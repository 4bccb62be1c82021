import type { BlobKey, BlobStore } from '@spillway/blobs';
import { ok, type Result } from '@spillway/core';
import { openBlobWriter } from '../open-blob-writer.ts';
import { type RequestLimits, type RequestsMistake, splitRequests } from './split-requests.ts';

export interface WrittenRequests {
  readonly requests: number;
  /** Of the input that was written. */
  readonly bytes: number;
}

/**
 * Streams the body of an Anthropic message batch into an input of JSON lines. With a mistake in it nothing is written;
 * a body that breaks off, an abort and a store that cannot take it reject, and nothing is written either.
 */
export async function writeRequests(
  blobs: BlobStore,
  key: BlobKey,
  body: AsyncIterable<Uint8Array>,
  limits: RequestLimits,
  options: { readonly signal: AbortSignal; readonly expiresAtMs?: number | undefined },
): Promise<Result<WrittenRequests, RequestsMistake>> {
  const writer = openBlobWriter(blobs, key, options);
  try {
    let requests = 0;
    for await (const request of splitRequests(body, limits, options)) {
      if (!request.ok) {
        await writer.abort();
        return request;
      }
      await writer.write(request.value.line);
      await writer.write(LINE_END);
      requests += 1;
    }
    const { bytes } = await writer.end();
    return ok({ requests, bytes });
  } catch (error) {
    await writer.abort();
    throw error;
  }
}

const LINE_END = Buffer.from('\n');
