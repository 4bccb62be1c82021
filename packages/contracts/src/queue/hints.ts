import { z } from 'zod';
import { eventIdSchema } from '../ids.ts';

/** A delivery queue's message: which event goes out. The event and its target are read from the store. */
export const deliveryHintSchema = z.strictObject({ v: z.literal(1), event: eventIdSchema });
export type DeliveryHint = z.infer<typeof deliveryHintSchema>;
