import type { Redis } from 'ioredis';
import { z } from 'zod';
import type { Part } from './batch-record.ts';

const partSchema = z.object({ from: z.int(), count: z.int(), path: z.string() });

/** Part files from the one that holds the `from`-th settled line on, at most `count`; a search by halves. */
export async function readPartsFrom(
  redis: Redis,
  list: string,
  from: number,
  count: number,
): Promise<readonly Part[]> {
  const at = async (index: number): Promise<Part | undefined> => {
    const text = await redis.lindex(list, index);
    return text === null ? undefined : partSchema.parse(JSON.parse(text));
  };
  let low = 0;
  let high = await redis.llen(list);
  while (low < high) {
    const middle = Math.floor((low + high) / 2);
    const part = await at(middle);
    if (part === undefined || part.from + part.count > from) high = middle;
    else low = middle + 1;
  }
  const texts = await redis.lrange(list, low, low + count - 1);
  return texts.map((text) => partSchema.parse(JSON.parse(text)));
}
