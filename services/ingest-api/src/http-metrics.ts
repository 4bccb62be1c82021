import type { Metrics } from '@spillway/service-kit';
import type { MiddlewareHandler } from 'hono';
import { routePath } from 'hono/route';

export type HttpMetrics = ReturnType<typeof createHttpMetrics>;

/** Counts and times every request by route; headers are set before the route runs, so its answer stays cheap. */
export function createHttpMetrics(metrics: Metrics) {
  const requests = metrics.counter('http_requests_total', 'Requests by route and status', [
    'route',
    'method',
    'status',
  ]);
  const seconds = metrics.histogram(
    'http_request_seconds',
    'Time to answer, waits included',
    [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.5, 1, 10, 60],
    ['route'],
  );
  const submitted = metrics.counter('jobs_submitted_total', 'Submissions by outcome', ['class', 'outcome']);
  const measure: MiddlewareHandler = async (context, next) => {
    const startedAt = performance.now();
    await next();
    const route = routePath(context, -1);
    requests.inc({ route, method: context.req.method, status: String(context.res.status) });
    seconds.observe({ route }, (performance.now() - startedAt) / 1000);
  };
  return {
    measure,
    onSubmitted: (jobClass: string, outcome: string): void => submitted.inc({ class: jobClass, outcome }),
  };
}
