import type { ConfigStore, Logger } from '@spillway/service-kit';
import { type DeliveryRules, parseDeliveryRules } from './delivery-rules.ts';

/**
 * The rules in force, the same object until they change. Throws when the first ones are malformed; a malformed change
 * is logged and the rules stay.
 */
export function followDeliveryRules(
  config: Pick<ConfigStore, 'current' | 'onChange'>,
  logger: Logger,
): () => DeliveryRules {
  const first = parseDeliveryRules(config.current().config.webhooks);
  if (!first.ok) throw new Error(`the configuration is not usable\n${first.error.join('\n')}`);
  let rules = first.value;
  config.onChange((now, before) => {
    if (JSON.stringify(now.config.webhooks) === JSON.stringify(before.config.webhooks)) return;
    const next = parseDeliveryRules(now.config.webhooks);
    if (next.ok) rules = next.value;
    else logger.error({ event: 'config.refused', mistakes: next.error });
  });
  return () => rules;
}
