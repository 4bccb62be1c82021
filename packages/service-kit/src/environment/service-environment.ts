import { z } from 'zod';
import { LOG_LEVELS } from '../logging/logger.ts';

export const portSchema = z.coerce.number().int().min(0).max(65_535);

/** The forms `openRedis` reads; it says more about one that only looks right. */
const REDIS_URL =
  /^(?:rediss?:\/\/(?:[^@/]*@)?[^@/?#]+(?:\/\d*)?|rediss?\+sentinel:\/\/(?:[^@/:]*:[^@/]*@)?[^@/?#]+\/[^/?#]+(?:\/\d*)?(?:\?.*)?)$/;
const REDIS_URL_FORMS =
  'redis://[user:password@]host[:port][/db], or redis+sentinel://[user:password@]host[:port][,host[:port]]/master[/db]; ' +
  'rediss and rediss+sentinel with TLS';

/** The variables every service knows; a service adds its own with `.extend`. */
export const serviceEnvironmentSchema = z.object({
  REDIS_URL: z.string({ error: REDIS_URL_FORMS }).regex(REDIS_URL, REDIS_URL_FORMS),
  /** How many replicas must have a write before it is acknowledged. */
  REDIS_REPLICAS: z.coerce.number().int().min(0).max(16).default(0),
  /** Path of spillway.yaml. */
  SPILLWAY_CONFIG: z.string(),
  /** The cell a background process works for. */
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
