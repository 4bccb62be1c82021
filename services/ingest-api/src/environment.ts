import { portSchema, serviceEnvironmentSchema } from '@spillway/service-kit';
import { z } from 'zod';

export const environmentSchema = serviceEnvironmentSchema.extend({
  PORT: portSchema.default(8787),
  /** Where files and results stand when the configuration names no other place; batch-worker has the same. */
  BLOB_FOLDER: z.string().min(1).default('.spillway/blobs'),
  /** SHA-256 of a development key, for a platform whose configuration gives no key to anybody. */
  SPILLWAY_DEV_KEY_SHA256: z
    .string()
    .regex(/^[0-9a-f]{64}$/)
    .optional(),
});
