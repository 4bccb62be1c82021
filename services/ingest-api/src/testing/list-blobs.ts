import type { BlobInfo } from '@spillway/blobs';
import type { TenantId } from '@spillway/core';
import type { TestApi } from './open-test-api.ts';
import type { TestTenant } from './samples.ts';

/** Every blob of a tenant. */
export const listBlobs = (api: TestApi, tenant: TestTenant = 'acme'): Promise<readonly BlobInfo[]> =>
  Array.fromAsync(
    api.blobs.list({ tenantId: tenant as TenantId, path: '' }, { signal: AbortSignal.timeout(5000) }),
  );
