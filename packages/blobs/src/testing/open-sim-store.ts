import type { BlobStore } from '../blob-store.ts';
import type { S3Settings } from '../s3/s3-client.ts';
import { createS3BlobStore } from '../s3/s3-blob-store.ts';
import { startS3Sim, type S3Sim } from './s3-sim.ts';

/** A store on a simulated S3 of its own. */
export interface SimStore extends AsyncDisposable {
  readonly sim: S3Sim;
  readonly blobs: BlobStore;
  readonly settings: S3Settings;
}

export async function openSimStore(nowMs: () => number = Date.now, pageSize?: number): Promise<SimStore> {
  const sim = await startS3Sim(pageSize);
  const settings = {
    bucket: sim.bucket,
    prefix: 'cell-1',
    endpoint: sim.url,
    forcePathStyle: true,
    credentials: { accessKeyId: 'test', secretAccessKey: 'test' },
    nowMs,
  };
  return {
    sim,
    settings,
    blobs: createS3BlobStore(settings),
    [Symbol.asyncDispose]: () => sim[Symbol.asyncDispose](),
  };
}
