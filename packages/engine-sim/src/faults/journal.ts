import { openSync, writeSync } from 'node:fs';
import type { ServerResponse } from 'node:http';

/** What reached a simulator and when, in a file that outlives it. */
export interface Journal {
  /** Notes that a request with these inputs arrived and, once, when its answer is out or its connection is gone. */
  arrived(digests: readonly string[], outgoing: ServerResponse): void;
}

/**
 * Appends one line of JSON per start, arrival and end: `{"at","event","digests","in_flight"}`, `at` in ms since 1970.
 * Each is written before the request goes on, so that `kill -9` loses none. Without a path nothing is noted. Throws
 * when the file cannot be opened.
 */
export function openJournal(path: string | undefined): Journal {
  if (path === undefined) return { arrived: () => {} };
  const file = openSync(path, 'a', 0o600);
  let inFlight = 0;
  const note = (event: 'started' | 'arrived' | 'ended', digests: readonly string[]): void => {
    writeSync(file, `${JSON.stringify({ at: Date.now(), event, digests, in_flight: inFlight })}\n`);
  };
  note('started', []);
  return {
    arrived: (digests, outgoing) => {
      inFlight += 1;
      note('arrived', digests);
      let ended = false;
      const end = (): void => {
        if (ended) return;
        ended = true;
        inFlight -= 1;
        note('ended', digests);
      };
      // an answer that is out frees its place before its client can ask again; `close` may come later
      outgoing.once('finish', end);
      outgoing.once('close', end);
    },
  };
}
