import { configSchema } from '@spillway/contracts';
import { type DeliveryRules, toDeliveryRules } from '../ssrf/delivery-rules.ts';

/** The rules of a `webhooks` part as somebody might write it. */
export const rulesOf = (webhooks: object): DeliveryRules =>
  toDeliveryRules(configSchema.parse({ webhooks }).webhooks);
