import type { TestProject } from 'vitest/node';
import { startTestRedis } from './redis.ts';

/** One Redis for the whole run; tests keep apart by giving each its own cell. */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const redis = await startTestRedis();
  project.provide('redisUrl', redis.url);
  return () => redis.stop();
}

declare module 'vitest' {
  interface ProvidedContext {
    redisUrl: string;
  }
}
