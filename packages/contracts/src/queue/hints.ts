import { z } from 'zod';
import { eventIdSchema, jobIdSchema } from '../ids.ts';

/** A dispatch queue's message: a hint that a job waits for this backend. The claim, with the fence, decides. */
export const dispatchHintSchema = z.strictObject({
  v: z.literal(1),
  job: jobIdSchema,
  fence: z.int().positive(),
});
export type DispatchHint = z.infer<typeof dispatchHintSchema>;

/** A delivery queue's message: which event goes out. The event and its target are read from the store. */
export const deliveryHintSchema = z.strictObject({ v: z.literal(1), event: eventIdSchema });
export type DeliveryHint = z.infer<typeof deliveryHintSchema>;
