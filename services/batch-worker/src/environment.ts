import { serviceEnvironmentSchema } from '@spillway/service-kit';
import { z } from 'zod';

export const environmentSchema = serviceEnvironmentSchema.extend({
  /** Where blobs stand when the configuration names no folder. */
  BLOB_FOLDER: z.string().min(1).default('.spillway/blobs'),
});
