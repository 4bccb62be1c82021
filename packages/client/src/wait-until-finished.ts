import type { JobBody } from '@spillway/contracts';
import { isTerminal, type JobId } from '@spillway/core';
import type { Polled } from './polled.ts';
import { SpillwayError } from './spillway-error.ts';
import { watch } from './watch.ts';

export interface WaitOptions {
  /** Ten minutes when left out. */
  readonly timeoutMs?: number | undefined;
  readonly signal?: AbortSignal | undefined;
  /** Called with the job as it is at first and after every change. */
  readonly onStatus?: ((job: JobBody) => void) | undefined;
}

type Poll = (
  id: JobId,
  options: { readonly etag: string | undefined; readonly waitSeconds: number; readonly signal: AbortSignal },
) => Promise<Polled<JobBody>>;

const DEFAULT_TIMEOUT_MS = 600_000;
/** A quick job changes twice within this: no need to look more often than a person can see. */
const SPACING_MS = 200;

/** Long-polls a job to its end; the job itself is not touched when the time is up. */
export async function waitUntilFinished(id: JobId, poll: Poll, options: WaitOptions): Promise<JobBody> {
  const { timeoutMs = DEFAULT_TIMEOUT_MS, onStatus } = options;
  const limit = AbortSignal.timeout(timeoutMs);
  const signal = options.signal === undefined ? limit : AbortSignal.any([options.signal, limit]);
  let status: string = 'of unknown status';
  try {
    const waitSeconds = Math.max(1, Math.min(30, Math.ceil(timeoutMs / 1000)));
    const look = { isFinal, spacingMs: SPACING_MS, waitSeconds, signal };
    for await (const job of watch({ ...look, poll: (at) => poll(id, { ...at, signal }) })) {
      status = job.status;
      onStatus?.(job);
      if (isFinal(job)) return job;
    }
  } catch (error) {
    options.signal?.throwIfAborted();
    if (!limit.aborted) throw error;
  }
  throw new SpillwayError({
    code: 'unfinished',
    detail: `job ${id} is still ${status} after ${Math.round(timeoutMs / 1000)} s; it goes on, ask for it later`,
  });
}

const isFinal = (job: JobBody): boolean => isTerminal(job.status);
