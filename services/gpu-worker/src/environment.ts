import { backendIdSchema } from '@spillway/contracts';
import { serviceEnvironmentSchema } from '@spillway/service-kit';

export const environmentSchema = serviceEnvironmentSchema.extend({
  /** The local backend of spillway.yaml whose engine this worker drives. */
  BACKEND: backendIdSchema,
});
