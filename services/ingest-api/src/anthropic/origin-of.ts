import type { Context } from 'hono';

/**
 * Scheme and host under which the client reached us, behind a proxy that says so: where it follows `results_url` to. A
 * client that lies sends nobody but itself astray.
 */
export function originOf(context: Context): string {
  const { origin, host } = new URL(context.req.url);
  const [scheme] = (context.req.header('x-forwarded-proto') ?? '').split(',');
  return scheme === 'https' || scheme === 'http' ? `${scheme}://${host}` : origin;
}
