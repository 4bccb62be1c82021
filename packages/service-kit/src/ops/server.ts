import { Hono } from 'hono';
import type { Logger } from '../logging/logger.ts';
import { listen, type Listening } from './listen.ts';
import { type OpsRoutes, registerOpsRoutes } from './routes.ts';

export interface OpsServerOptions extends OpsRoutes {
  /** 0 picks a free port. */
  readonly port: number;
  readonly host: string;
  readonly logger: Logger;
}

/** Health and metrics over HTTP for a service that has no other HTTP face; rejects when the address is taken. */
export async function startOpsServer({
  port,
  host,
  logger,
  ...routes
}: OpsServerOptions): Promise<Listening> {
  const app = new Hono();
  app.onError((error, context) => {
    logger.error({ event: 'ops.failed', path: context.req.path, err: error });
    return context.json({ status: 'failed' }, 500);
  });
  registerOpsRoutes(app, routes);
  return listen(app.fetch, { port, host });
}
