import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Context } from 'hono';

/** Both simulators listen with plain `node:http`, so a handler can reach the connection itself. */
export interface SimEnv {
  Bindings: { incoming: IncomingMessage; outgoing: ServerResponse };
}
export type SimContext = Context<SimEnv>;

/** Fires when the connection closes before the answer is out. */
export function disconnectSignal(context: SimContext): AbortSignal {
  const { outgoing } = context.env;
  const controller = new AbortController();
  outgoing.once('close', () => {
    if (!outgoing.writableFinished) controller.abort();
  });
  if (outgoing.destroyed) controller.abort();
  return controller.signal;
}

/** A bug of the simulator, for whoever runs it; request bodies are never part of such an error. */
export const reportBug = (error: Error): void => {
  process.stderr.write(`simulator bug: ${error.stack ?? error.message}\n`);
};

/** The answer nobody will read, because the client has gone; 499 as reverse proxies log it. */
export const clientGone = (context: SimContext): Response => context.body(null, 499 as 400);
