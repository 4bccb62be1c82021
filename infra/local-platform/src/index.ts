export {
  findRedis,
  redisOnPath,
  unpackRedis,
  type FindRedisOptions,
  type RedisSource,
} from './redis/find-redis.ts';
export { startRedis, type RedisOptions, type RunningRedis } from './redis/start-redis.ts';
export { detectBackends, type Found, type FoundCloud, type FoundEngine } from './engines/detect-backends.ts';
export { defaultConfig, type DefaultConfigInput, type SimulatedEngine } from './engines/default-config.ts';
export { findPort } from './process/find-port.ts';
export { startPlatform } from './platform/start-platform.ts';
export type {
  EngineSimSettings,
  PlatformOptions,
  ProviderSimSettings,
  Replicas,
  Timing,
} from './platform/options.ts';
export type { Programs } from './platform/programs.ts';
export type { ChildStatus, EngineInUse, RunningPlatform } from './platform/running-platform.ts';
export { SMALL_HEAP } from './platform/services.ts';
