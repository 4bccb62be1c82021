import type { ConfigStore } from '@spillway/service-kit';
import { type DeliveryRules, toDeliveryRules } from './delivery-rules.ts';

/** The rules in force, the same object until they change. */
export function followDeliveryRules(config: Pick<ConfigStore, 'current' | 'onChange'>): () => DeliveryRules {
  let rules = toDeliveryRules(config.current().config.webhooks);
  config.onChange((now, before) => {
    if (JSON.stringify(now.config.webhooks) === JSON.stringify(before.config.webhooks)) return;
    rules = toDeliveryRules(now.config.webhooks);
  });
  return () => rules;
}
