import type { BlobKey } from '@spillway/blobs';
import type { BatchRecord } from '@spillway/redis';

export const inputKey = ({ tenantId, description }: BatchRecord): BlobKey => ({
  tenantId,
  path: description.inputPath,
});
