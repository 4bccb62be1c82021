import { join } from 'node:path';

/** The entry file of each process of the platform. */
export interface Programs {
  readonly ingestApi: string;
  readonly scheduler: string;
  readonly gpuWorker: string;
  readonly cloudWorker: string;
  readonly batchWorker: string;
  readonly webhookDispatcher: string;
  readonly engineSim: string;
  readonly providerSim: string;
}

/** Where the entry files stand in a checkout. */
export const programsOf = (repoRoot: string): Programs => ({
  ingestApi: join(repoRoot, 'services/ingest-api/src/main.ts'),
  scheduler: join(repoRoot, 'services/scheduler/src/main.ts'),
  gpuWorker: join(repoRoot, 'services/gpu-worker/src/main.ts'),
  cloudWorker: join(repoRoot, 'services/cloud-worker/src/main.ts'),
  batchWorker: join(repoRoot, 'services/batch-worker/src/main.ts'),
  webhookDispatcher: join(repoRoot, 'services/webhook-dispatcher/src/main.ts'),
  engineSim: join(repoRoot, 'packages/engine-sim/src/main.ts'),
  providerSim: join(repoRoot, 'packages/engine-sim/src/provider-main.ts'),
});
