import { readFileSync } from 'node:fs';
import { z } from 'zod';

const lineSchema = z.object({
  at: z.number(),
  event: z.enum(['started', 'arrived', 'ended']),
  digests: z.array(z.string()),
  in_flight: z.number(),
});
export type JournalLine = z.infer<typeof lineSchema>;

/** What a simulator noted, oldest first; `kill -9` may cut its last line short. */
export const readJournal = (path: string): readonly JournalLine[] =>
  readFileSync(path, 'utf8')
    .split('\n')
    .flatMap((line) => {
      try {
        return [lineSchema.parse(JSON.parse(line))];
      } catch {
        return [];
      }
    });
