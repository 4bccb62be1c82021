import { z } from 'zod';
import { tenantIdSchema } from '../ids.ts';

const MOST_CELLS = 256;

/** Part of every key of the cell, in its hash tag, and of its processes' names. */
export const cellNameSchema = z.string().regex(/^[a-z0-9][a-z0-9._-]{0,62}$/, {
  error: 'use 1 to 63 of a-z, 0-9, ".", "_", "-", beginning with a letter or digit',
});

/** How many parts the platform has that know nothing of each other, and whose jobs each of them has. */
export const cellsSchema = z
  .strictObject({
    /** So many, named 0, 1, 2 …; one unless given. */
    count: z.int().min(1).max(MOST_CELLS).optional(),
    /** Instead of a count. */
    names: z.array(cellNameSchema).min(1).max(MOST_CELLS).optional(),
    /** Tenants that stand in a cell of the operator's choice; each other one's follows from its name. */
    pins: z.record(tenantIdSchema, cellNameSchema).default({}),
    /** Where a cell's Redis is, when it is not REDIS_URL. */
    redis_urls: z
      .record(
        cellNameSchema,
        z.string().regex(/^rediss?(\+sentinel)?:\/\//, { error: 'a Redis URL, as REDIS_URL has it' }),
      )
      .default({}),
  })
  .refine(({ count, names }) => count === undefined || names === undefined, {
    path: ['names'],
    error: 'give a count or names, not both',
  })
  .refine(({ names = [] }) => new Set(names).size === names.length, {
    path: ['names'],
    error: 'a name stands in it twice',
  });
export type CellsConfig = z.infer<typeof cellsSchema>;

/** The names of all cells, in the order of the configuration. */
export const cellNames = ({ count = 1, names }: CellsConfig): readonly string[] =>
  names ?? Array.from({ length: count }, (_, index) => String(index));
