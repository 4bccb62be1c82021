import { Readable } from 'node:stream';
import { BlobStoreUnavailable } from '../blob-store-unavailable.ts';
import type { BlobBody } from '../blob-store.ts';
import { createBody } from '../create-body.ts';

/** The body of an answer, as the network brings it. A minute of silence while somebody waits ends it. */
export function objectBody(answered: unknown, signal: AbortSignal): BlobBody {
  if (!(answered instanceof Readable)) throw new Error('S3 answered without a body to read');
  const chunks: AsyncIterator<Uint8Array, undefined> = answered[Symbol.asyncIterator]();
  const pull = async (): Promise<Uint8Array | undefined> => {
    const timer = setTimeout(() => answered.destroy(new Error('S3 went silent')), SILENT_MS);
    try {
      const step = await chunks.next();
      return step.done === true ? undefined : step.value;
    } catch (error) {
      throw new BlobStoreUnavailable(error);
    } finally {
      clearTimeout(timer);
    }
  };
  const release = async (): Promise<void> => {
    // a connection cut on purpose may still complain, and nobody is there to hear it
    answered.on('error', () => undefined);
    answered.destroy();
  };
  return createBody({ pull, release }, signal);
}

const SILENT_MS = 60_000;
