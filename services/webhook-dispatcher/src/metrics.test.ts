import { createMetrics } from '@spillway/service-kit';
import { expect, test } from 'vitest';
import { createDispatcherMetrics } from './metrics.ts';

test('attempts and the lag of the outbox are measured in seconds, attempts by what followed', async () => {
  const registry = createMetrics('test');
  const metrics = createDispatcherMetrics(registry);
  metrics.attempted('delivered', 1500);
  metrics.attempted('dead', 500);
  metrics.lagged(250);
  const { text } = await registry.render();
  expect(text).toContain('webhook_deliveries_total{outcome="delivered",service="test"} 1');
  expect(text).toContain('webhook_deliveries_total{outcome="dead",service="test"} 1');
  expect(text).toContain('webhook_attempt_seconds_sum{service="test"} 2');
  expect(text).toContain('webhook_outbox_lag_seconds_sum{service="test"} 0.25');
});
