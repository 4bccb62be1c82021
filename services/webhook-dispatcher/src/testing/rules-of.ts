import { configSchema } from '@spillway/contracts';
import { type DeliveryRules, toDeliveryRules } from '../ssrf/delivery-rules.ts';

/** The rules that a `webhooks` part of the configuration makes. */
export const rulesOf = (webhooks: object = {}): DeliveryRules =>
  toDeliveryRules(configSchema.parse({ webhooks }).webhooks);

/** Lets tests deliver to receivers of their own on this machine. */
export const LOCAL = { allow_networks: ['127.0.0.0/8'], allow_ports: 'any', timeout_seconds: 10 } as const;
