export { createBackend, createCloudBackend, createLocalBackend } from './create-backend.ts';
export type { LocalBackend } from './engine/create-backend.ts';
export type { BackendDeps, CloudBackendDeps } from './common/backend-deps.ts';
export type { RateLimit } from './common/rate-limits.ts';
export { createCloudGuard, type GuardedBackend } from './guard/create-cloud-guard.ts';
export { createPriceList, type BilledTokens, type PriceList } from './prices/price-list.ts';
export { servedEndpoints } from './served-endpoints.ts';
