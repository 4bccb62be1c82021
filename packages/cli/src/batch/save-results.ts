import { createWriteStream } from 'node:fs';
import { rename, rm } from 'node:fs/promises';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import { SpillwayError } from '@spillway/client';
import { hasBatchEnded, isJsonObject } from '@spillway/core';
import { withPatience } from '../process/patience.ts';
import type { Session } from '../session.ts';
import { UsageError } from '../usage-error.ts';
import type { BatchesApi } from './batches-api.ts';

export interface ResultsOptions {
  readonly id: string;
  /** Absolute; to stdout without one. */
  readonly out: string | undefined;
  /** Until the batch has ended. */
  readonly follow: boolean;
}

const WAIT_SECONDS = 30;
const OUTAGE_MS = 600_000;

/** Writes the result lines of a batch, each once; a file is whole or not there at all. Resolves with their number. */
export async function saveResults(
  api: Pick<BatchesApi, 'results' | 'get'>,
  { id, out, follow }: ResultsOptions,
  { context, signal }: Session,
): Promise<number> {
  const lines = { count: 0 };
  const all = follow ? followedLines(api, id, signal, context.nowMs) : api.results(id, LOOK);
  const texts = counted(all, lines);
  if (out === undefined) {
    await pipeline(Readable.from(texts), context.stdout, { end: false, signal }).catch((error: unknown) => {
      if (!isClosedPipe(error)) throw error;
    });
    return lines.count;
  }
  const temporary = `${out}.tmp`;
  const file = createWriteStream(temporary, { flush: true });
  await pipeline(Readable.from(texts), file, { signal }).catch(async (cause: unknown) => {
    await rm(temporary, { force: true });
    if (cause instanceof Error && 'code' in cause && 'syscall' in cause) {
      throw new UsageError(`cannot write ${out}: ${cause.message}`, { cause });
    }
    throw cause;
  });
  await rename(temporary, out);
  return lines.count;
}

/** Whoever read stdout has enough ("| head"), which is no failure. */
const isClosedPipe = (error: unknown): boolean =>
  error instanceof Error &&
  'code' in error &&
  (error.code === 'EPIPE' || error.code === 'ERR_STREAM_PREMATURE_CLOSE');

const LOOK = { after: undefined, waitSeconds: 0 } as const;

async function* counted(lines: AsyncIterable<string>, sum: { count: number }): AsyncGenerator<string> {
  for await (const line of lines) {
    sum.count += 1;
    yield `${line}\n`;
  }
}

/** Asks again behind the last line seen until the batch has ended, and after a stream that broke; sits out outages. */
async function* followedLines(
  api: Pick<BatchesApi, 'results' | 'get'>,
  id: string,
  signal: AbortSignal,
  nowMs: () => number,
): AsyncGenerator<string> {
  let after: number | undefined;
  for (let broken = 0; ;) {
    // asked first: what had ended at this look is among the lines that follow
    const batch = await withPatience(() => api.get(id), {
      outageMs: OUTAGE_MS,
      fullMs: OUTAGE_MS,
      firstPauseMs: PAUSE_MS,
      signal,
      nowMs,
      onTrouble: () => undefined,
    });
    const isOver = hasBatchEnded(batch.status);
    try {
      for await (const line of api.results(id, { after, waitSeconds: isOver ? 0 : WAIT_SECONDS })) {
        yield line;
        after = seqOf(line) ?? after;
        broken = 0;
      }
      if (isOver) return;
    } catch (error) {
      broken += 1;
      if (broken >= MOST_BROKEN || !isBroken(error)) throw error;
      await sleep(PAUSE_MS, undefined, { signal });
    }
  }
}

/** Streams in a row that broke without a line. */
const MOST_BROKEN = 10;
const PAUSE_MS = 1000;

const isBroken = (error: unknown): boolean =>
  error instanceof SpillwayError && (error.code === 'unreachable' || error.code === 'timed-out');

function seqOf(line: string): number | undefined {
  const parsed: unknown = JSON.parse(line);
  const seq = isJsonObject(parsed) ? parsed['seq'] : undefined;
  return typeof seq === 'number' ? seq : undefined;
}
