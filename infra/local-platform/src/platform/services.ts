import { type Config, configOfCell, isLocalBackend } from '@spillway/contracts';
import { isJsonObject } from '@spillway/core';
import type { Replicas } from './options.ts';
import type { Programs } from './programs.ts';

/** One process to keep running. */
export interface ServiceSpec {
  readonly name: string;
  /** What it is one of. */
  readonly service: string;
  readonly program: string;
  /** What its environment has beyond the platform's. */
  readonly env: Readonly<Record<string, string>>;
}

/** Each service as often as it is wanted: `scheduler`, `scheduler-2`, and `scheduler-2@1` where the cell is named. */
export const replicate = (specs: readonly ServiceSpec[], replicas: Replicas): readonly ServiceSpec[] =>
  specs.flatMap((spec) => {
    const wanted = Object.entries(replicas).find(([name]) => name === spec.service)?.[1] ?? 1;
    return Array.from({ length: wanted }, (_, index) =>
      index === 0 ? spec : { ...spec, name: spec.name.replace(/(?=@|$)/, `-${index + 1}`) },
    );
  });

/**
 * For processes that files stream through: they hold some 40 MB, and without a limit Node lets several times that gather
 * before it looks for garbage.
 */
export const SMALL_HEAP = '--max-old-space-size=192 --max-semi-space-size=4';

/** Cells by name. */
export type Cells = readonly string[];

/** The services that run whatever the configuration says, one set for each cell; `PORT` is the API's alone. */
export const fixedServices = (
  programs: Programs,
  cells: Cells,
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
  ...cells.flatMap((cell) =>
    [
      { service: 'scheduler', program: programs.scheduler, env: {} },
      {
        service: 'batch-worker',
        program: programs.batchWorker,
        env: { BLOB_FOLDER: blobFolder, NODE_OPTIONS: SMALL_HEAP },
      },
      {
        service: 'webhook-dispatcher',
        program: programs.webhookDispatcher,
        env: { WEBHOOK_SECRET: webhookSecret },
      },
    ].map((spec) => inCell(cells, cell, { ...spec, name: spec.service })),
  ),
  {
    name: INGEST_API,
    service: INGEST_API,
    program: programs.ingestApi,
    env: {
      PORT: String(apiPort),
      BLOB_FOLDER: blobFolder,
      NODE_OPTIONS: SMALL_HEAP,
      ...(devKeySha256 !== undefined && { SPILLWAY_DEV_KEY_SHA256: devKeySha256 }),
    },
  },
];

/** `scheduler@1`: with more than one cell, the cell stands in the name of each process that works for it. */
const inCell = (cells: Cells, cell: string, spec: ServiceSpec): ServiceSpec => ({
  ...spec,
  name: cells.length === 1 ? spec.name : `${spec.name}@${cell}`,
  env: { ...spec.env, SPILLWAY_CELL: cell },
});

export const INGEST_API = 'ingest-api';

/** The workers a configuration asks for, in each cell: one per local backend, and one for all clouds when there is any. */
export const workersFor = (config: Config, cells: Cells, programs: Programs): readonly ServiceSpec[] =>
  cells.flatMap((cell) =>
    workersOf(configOfCell(config, cell), programs).map((spec) => inCell(cells, cell, spec)),
  );

function workersOf({ backends: configured }: Config, programs: Programs): readonly ServiceSpec[] {
  const backends = Object.entries(configured);
  const local = backends
    .filter(([, backend]) => isLocalBackend(backend))
    .map(([id]) => ({
      name: `${GPU_WORKER}${id}`,
      service: 'gpu-worker',
      program: programs.gpuWorker,
      env: { BACKEND: id },
    }));
  const cloud = { name: CLOUD_WORKER, service: CLOUD_WORKER, program: programs.cloudWorker, env: {} };
  return local.length < backends.length ? [...local, cloud] : local;
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
