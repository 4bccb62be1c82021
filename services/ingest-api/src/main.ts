import { blobSettingsOf, createBlobStore } from '@spillway/blobs';
import { cellOf } from '@spillway/contracts';
import { listen, openService } from '@spillway/service-kit';
import { createApp } from './app.ts';
import { createFindTenant } from './auth/tenant-keys.ts';
import { anyCellReady, openCells } from './cells/open-cells.ts';
import { type Fetch, routeByCell } from './cells/route-by-cell.ts';
import { environmentSchema } from './environment.ts';
import { createHttpMetrics } from './http-metrics.ts';
import { createNewIds } from './new-ids.ts';

const DRAIN_MS = 5000;

await using stack = new AsyncDisposableStack();
const service = await openService('ingest-api', environmentSchema, process, stack);
const { environment, logger, config, metrics } = service;
const cells = await openCells(service, stack);

const developmentKey = environment.SPILLWAY_DEV_KEY_SHA256;
let findTenant = createFindTenant(config.current().config, developmentKey);
config.onChange((now) => {
  findTenant = createFindTenant(now.config, developmentKey);
});

// Where blobs stand is decided at the start: what is stored does not move with a changed file.
const blobs = await createBlobStore(blobSettingsOf(config.current().config.storage, environment.BLOB_FOLDER));
const shared = {
  blobs,
  findTenant: () => findTenant,
  ids: createNewIds(),
  logger,
  metrics,
  httpMetrics: createHttpMetrics(metrics),
  ready: async () => ({ ok: await anyCellReady(cells) }),
};
const apps = new Map<string, Fetch>();
for (const { name, store, ended, config: view } of cells) {
  const { redis, keys } = store;
  const app = createApp({
    ...shared,
    redis,
    keys,
    ended,
    config: () => view.current().config,
    configVersion: () => view.current().version,
  });
  apps.set(name, app.fetch);
}
const cellOfKey = (apiKey: string): string | undefined => {
  const tenantId = findTenant(apiKey);
  return tenantId === undefined ? undefined : cellOf(config.current().config.cells, tenantId);
};
const server = await listen(routeByCell(apps, cellOfKey), { port: environment.PORT, host: environment.HOST });
stack.defer(() => server.close(DRAIN_MS));

logger.announce({ event: 'service.started', port: server.port });
await service.untilShutdown();
