import { z } from 'zod';

/** Up to 16 pairs of the client's own, as OpenAI limits them: keys to 64 characters, values to 512. */
export const metadataSchema = z
  .record(z.string().min(1).max(64), z.string().max(512))
  .refine((pairs) => Object.keys(pairs).length <= 16, { error: 'at most 16 pairs' })
  .meta({ id: 'Metadata' });
export type Metadata = z.infer<typeof metadataSchema>;
