import { z } from 'zod';
import { EVENT_TYPES } from './event.ts';

const SECRET_PATTERN = /^whsec_[A-Za-z0-9+/]{32,88}={0,2}$/;

/** Where one job or batch reports its end. Without a secret the deliveries are signed with the platform's own. */
export const webhookTargetSchema = z
  .strictObject({
    url: z.url({ protocol: /^https?$/, error: 'an http or https URL' }).max(2048),
    events: z.array(z.enum(EVENT_TYPES)).min(1).optional(),
    secret: z
      .string()
      .regex(SECRET_PATTERN, {
        error: 'whsec_ followed by 24 to 64 random bytes in base64 (Standard Webhooks)',
      })
      .optional(),
  })
  .meta({ id: 'WebhookTarget' });
export type WebhookTarget = z.infer<typeof webhookTargetSchema>;
