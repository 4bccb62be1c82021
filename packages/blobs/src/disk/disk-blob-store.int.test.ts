import { readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { blobStoreContract } from '../testing/blob-store-contract.ts';
import { openTestBlobStore } from '../testing/open-test-blob-store.ts';
import { MISSING, unlessRefused } from './on-disk.ts';

blobStoreContract('disk', async (nowMs) => {
  const { blobs, folder, [Symbol.asyncDispose]: dispose } = await openTestBlobStore(nowMs);
  const writing = join(folder, 'writing');
  return {
    blobs,
    leftovers: () => filesBelow(writing),
    plantLeftover: () => writeFile(join(writing, 'left-by-a-dead-writer'), 'half'),
    stored: () => filesBelow(join(folder, 'blobs')),
    [Symbol.asyncDispose]: dispose,
  };
});

async function filesBelow(path: string): Promise<number> {
  const entries = await unlessRefused(MISSING, readdir(path, { recursive: true, withFileTypes: true }));
  return (entries ?? []).filter((entry) => entry.isFile()).length;
}
