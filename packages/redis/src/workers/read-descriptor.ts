import type { BackendId } from '@spillway/core';
import type { Redis } from 'ioredis';
import { z } from 'zod';
import type { Keys } from '../keys.ts';
import { type BackendDescriptor, backendDescriptorSchema } from './descriptor.ts';

const jsonSchema = z.string().transform((text, context): unknown => {
  try {
    return JSON.parse(text);
  } catch {
    context.addIssue({ code: 'custom', message: 'is no JSON' });
    return z.NEVER;
  }
});
const storedSchema = jsonSchema.pipe(backendDescriptorSchema);

/**
 * What was last said of a backend, so that a worker that starts goes on with what the one before it has learned;
 * undefined when nobody has spoken for it, or in words of another version.
 */
export function createReadDescriptor(redis: Redis, keys: Keys) {
  return async (backendId: BackendId): Promise<BackendDescriptor | undefined> => {
    const [descriptor, estimate] = await redis.hmget(keys.backend(backendId), 'descriptor', 'estimate');
    const stored = storedSchema.safeParse(descriptor);
    if (!stored.success) return undefined;
    const { data: profileEstimate } = jsonSchema.safeParse(estimate);
    return { ...stored.data, ...(profileEstimate !== undefined && { profileEstimate }) };
  };
}
