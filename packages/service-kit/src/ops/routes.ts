import type { Env, Hono, Schema } from 'hono';
import { wait } from '../time/wait.ts';
import type { Metrics } from './metrics.ts';

export interface Readiness {
  readonly ok: boolean;
  /** Why not, for operators; no secrets. */
  readonly detail?: string;
}

export interface OpsRoutes {
  readonly metrics: Metrics;
  readonly checks: { ready(): Promise<Readiness> };
}

const CHECK_LIMIT_MS = 2_000;

/** Mounts GET /health/live, /health/ready (503 while not ready or when the check takes over 2 s) and /metrics. */
export function registerOpsRoutes<E extends Env, S extends Schema, Path extends string>(
  app: Hono<E, S, Path>,
  { metrics, checks }: OpsRoutes,
): void {
  app.get('/health/live', (context) => context.json({ status: 'live' }));
  app.get('/health/ready', async (context) => {
    const { ok, detail } = await askReady(checks);
    return context.json(
      { status: ok ? 'ready' : 'not-ready', ...(detail !== undefined && { detail }) },
      ok ? 200 : 503,
    );
  });
  app.get('/metrics', async (context) => {
    const { contentType, text } = await metrics.render();
    return context.body(text, 200, { 'content-type': contentType });
  });
}

async function askReady(checks: OpsRoutes['checks']): Promise<Readiness> {
  const answered = new AbortController();
  const tooLate = wait(CHECK_LIMIT_MS, answered.signal).then((): Readiness => ({
    ok: false,
    detail: `the check took over ${CHECK_LIMIT_MS} ms`,
  }));
  try {
    return await Promise.race([checks.ready(), tooLate]);
  } catch {
    return { ok: false, detail: 'the check failed' };
  } finally {
    answered.abort();
  }
}
