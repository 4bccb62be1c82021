import { z } from 'zod';
import { LOG_LEVELS } from '../logging/logger.ts';

export const portSchema = z.coerce.number().int().min(0).max(65_535);

/** The variables every service knows; a service adds its own with `.extend`. */
export const serviceEnvironmentSchema = z.object({
  REDIS_URL: z.url({ protocol: /^rediss?$/, error: 'a redis or rediss URL' }),
  /** Path of spillway.yaml. */
  SPILLWAY_CONFIG: z.string(),
  SPILLWAY_CELL: z.string().default('0'),
  LOG_LEVEL: z.enum(LOG_LEVELS).default('info'),
  /** Port for health and metrics; 0 picks a free one. */
  OPS_PORT: portSchema.default(0),
  /** The address the service listens on. */
  HOST: z.string().default('127.0.0.1'),
  /** `stdin`: the process ends when its standard input closes, that is, with its parent. */
  SPILLWAY_LEASH: z.enum(['stdin', 'none']).default('none'),
});
export type ServiceEnvironment = z.infer<typeof serviceEnvironmentSchema>;
