import { blobSettingsOf, createBlobStore } from '@spillway/blobs';
import { createSignals, openCell } from '@spillway/redis';
import { listen, openService, storeOptions } from '@spillway/service-kit';
import { createApp } from './app.ts';
import { createFindTenant } from './auth/tenant-keys.ts';
import { environmentSchema } from './environment.ts';
import { createEndedJobs } from './http/ended-jobs.ts';
import { createNewIds } from './new-ids.ts';

const DRAIN_MS = 5000;

await using stack = new AsyncDisposableStack();
const service = await openService('ingest-api', environmentSchema, process, stack);
const { environment, logger, config, metrics } = service;
const cell = await openCell({ ...storeOptions(environment, logger), role: 'request' }, stack);
const ended = createEndedJobs();
await createSignals(cell.listener, cell.keys).onEnded((id) => ended.notify(id));

const developmentKey = environment.SPILLWAY_DEV_KEY_SHA256;
let findTenant = createFindTenant(config.current().config, developmentKey);
config.onChange((now) => {
  findTenant = createFindTenant(now.config, developmentKey);
});

// Where blobs stand is decided at the start: what is stored does not move with a changed file.
const blobs = await createBlobStore(blobSettingsOf(config.current().config.storage, environment.BLOB_FOLDER));
const app = createApp({
  redis: cell.redis,
  keys: cell.keys,
  blobs,
  ended,
  config: () => config.current().config,
  findTenant: () => findTenant,
  ids: createNewIds(),
  logger,
  metrics,
});
const server = await listen(app.fetch, { port: environment.PORT, host: environment.HOST });
stack.defer(() => server.close(DRAIN_MS));

logger.announce({ event: 'service.started', port: server.port });
await service.untilShutdown();
