import { type Config, isLocalBackend } from '@spillway/contracts';
import { isJsonObject } from '@spillway/core';
import type { Replicas } from './options.ts';
import type { Programs } from './programs.ts';

/** One process to keep running. */
export interface ServiceSpec {
  readonly name: string;
  readonly program: string;
  /** What its environment has beyond the platform's. */
  readonly env: Readonly<Record<string, string>>;
}

/** Each service as often as it is wanted. */
export const replicate = (specs: readonly ServiceSpec[], replicas: Replicas): readonly ServiceSpec[] =>
  specs.flatMap((spec) => {
    const wanted = Object.entries(replicas).find(([name]) => name === spec.name)?.[1] ?? 1;
    return Array.from({ length: wanted }, (_, index) =>
      index === 0 ? spec : { ...spec, name: `${spec.name}-${index + 1}` },
    );
  });

/**
 * For processes that files stream through: they hold some 40 MB, and without a limit Node lets several times that gather
 * before it looks for garbage.
 */
export const SMALL_HEAP = '--max-old-space-size=192 --max-semi-space-size=4';

/** The services that run whatever the configuration says; `PORT` is the API's alone. */
export const fixedServices = (
  programs: Programs,
  {
    apiPort,
    webhookSecret,
    devKeySha256,
    blobFolder,
  }: {
    readonly apiPort: number;
    readonly webhookSecret: string;
    readonly devKeySha256?: string;
    readonly blobFolder: string;
  },
): readonly ServiceSpec[] => [
  { name: 'scheduler', program: programs.scheduler, env: {} },
  {
    name: 'batch-worker',
    program: programs.batchWorker,
    env: { BLOB_FOLDER: blobFolder, NODE_OPTIONS: SMALL_HEAP },
  },
  { name: 'webhook-dispatcher', program: programs.webhookDispatcher, env: { WEBHOOK_SECRET: webhookSecret } },
  {
    name: INGEST_API,
    program: programs.ingestApi,
    env: {
      PORT: String(apiPort),
      BLOB_FOLDER: blobFolder,
      NODE_OPTIONS: SMALL_HEAP,
      ...(devKeySha256 !== undefined && { SPILLWAY_DEV_KEY_SHA256: devKeySha256 }),
    },
  },
];

export const INGEST_API = 'ingest-api';

/** The workers a configuration asks for: one per local backend, and one for all clouds when there is any. */
export function workersFor(config: Pick<Config, 'backends'>, programs: Programs): readonly ServiceSpec[] {
  const backends = Object.entries(config.backends);
  const local = backends
    .filter(([, backend]) => isLocalBackend(backend))
    .map(([id]) => ({ name: `${GPU_WORKER}${id}`, program: programs.gpuWorker, env: { BACKEND: id } }));
  return local.length < backends.length
    ? [...local, { name: CLOUD_WORKER, program: programs.cloudWorker, env: {} }]
    : local;
}

const GPU_WORKER = 'gpu-worker-';
const CLOUD_WORKER = 'cloud-worker';

/** Whether a child comes and goes with the configuration. */
export const isWorker = (name: string): boolean =>
  name.startsWith(CLOUD_WORKER) || name.startsWith(GPU_WORKER);

/** Whether this line of a service's standard output is its event `service.started`. */
export function isStarted(line: string): boolean {
  if (!line.includes('service.started')) return false;
  try {
    const event: unknown = JSON.parse(line);
    return isJsonObject(event) && event['event'] === 'service.started';
  } catch {
    return false;
  }
}
