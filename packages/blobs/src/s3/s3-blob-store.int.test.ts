import { blobStoreContract } from '../testing/blob-store-contract.ts';
import { openSimStore } from '../testing/open-sim-store.ts';

// pages of three, so that every listing of more is put together from several
blobStoreContract('s3, simulated', async (nowMs) => {
  const { sim, blobs, [Symbol.asyncDispose]: dispose } = await openSimStore(nowMs, 3);
  return {
    blobs,
    leftovers: async () => sim.uploads.size,
    plantLeftover: async () => {
      const upload = {
        name: 'cell-1/blobs/acme/never',
        startedAtMs: Date.now(),
        parts: new Map<number, Buffer>(),
      };
      sim.uploads.set('left-by-a-dead-writer', upload);
    },
    stored: async () => [...sim.objects.keys()].filter((name) => name.startsWith('cell-1/blobs/')).length,
    [Symbol.asyncDispose]: dispose,
  };
});
