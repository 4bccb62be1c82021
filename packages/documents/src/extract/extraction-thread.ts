import { Worker } from 'node:worker_threads';
import type { Result } from '@spillway/core';
import { type DocumentProblem, type ExtractedText, refuse } from '../document.ts';
import type { ReadOptions } from '../read-options.ts';
import { endThread } from './end-thread.ts';
import type { ReadRequest, ThreadMessage } from './thread-message.ts';
import { memoryMb, watchMemory } from './watch-memory.ts';

export interface ThreadOptions {
  readonly timeoutMs: number;
  readonly maxMemoryMb: number;
  readonly readOptions: ReadOptions;
}

export interface ExtractionThread {
  /** Reads one document; the one before must have been answered. Rejects with the signal's reason. */
  read(
    name: string,
    bytes: Uint8Array<ArrayBuffer>,
    signal: AbortSignal,
  ): Promise<Result<ExtractedText, DocumentProblem>>;
  close(): Promise<void>;
}

/**
 * A thread that reads one document after another and is replaced when one of them breaks it:
 *
 *   none → starting → reading → idle → reading → …
 *   starting, reading → none   on timeout, too much memory, a crash, the caller's signal, or much garbage left behind
 */
export function createExtractionThread(options: ThreadOptions): ExtractionThread {
  let idle: Worker | undefined;
  const start = async (signal: AbortSignal): Promise<Worker> => {
    const worker = await startWorker(options.maxMemoryMb, signal);
    worker.once('exit', () => {
      if (idle === worker) idle = undefined;
    });
    return worker;
  };
  return {
    async read(name, bytes, signal) {
      const worker = idle ?? (await start(signal));
      idle = undefined;
      try {
        const answer = await ask(worker, { name, bytes, options: options.readOptions }, options, signal);
        if (answer.isSound) idle = worker;
        return answer.result;
      } finally {
        // Waited for, so that never more threads run than there may be.
        if (idle === undefined) await endThread(worker);
      }
    },
    async close() {
      if (idle !== undefined) await endThread(idle);
      idle = undefined;
    },
  };
}

/**
 * Far above what is watched for, since V8 may end the process where a thread meets it: room for the largest thing that a
 * built-in function makes of one document, such as a parsed JSON of 16 times its size, before it can be interrupted.
 */
const hardLimitMb = (maxMemoryMb: number): number => Math.max(4 * maxMemoryMb, 2048);

const START_TIMEOUT_MS = 60_000;

async function startWorker(maxMemoryMb: number, signal: AbortSignal): Promise<Worker> {
  const worker = new Worker(new URL('./extract-worker-main.ts', import.meta.url), {
    resourceLimits: { maxOldGenerationSizeMb: hardLimitMb(maxMemoryMb), maxYoungGenerationSizeMb: 16 },
    // A parser's warnings may quote the document; an environment may hold keys.
    stdout: true,
    stderr: true,
    env: {},
    execArgv: ['--no-warnings'],
  });
  // Unheard, what it dies of later would end the process.
  worker.on('error', () => undefined);
  worker.stdout.resume();
  worker.stderr.resume();
  try {
    const event = await nextEvent(worker, AbortSignal.any([signal, AbortSignal.timeout(START_TIMEOUT_MS)]));
    if (event.kind !== 'ready') throw new Error('a document thread did not start', { cause: event });
    return worker;
  } catch (error) {
    await endThread(worker);
    throw error;
  }
}

interface Answer {
  readonly result: Result<ExtractedText, DocumentProblem>;
  /** Whether the thread can read the next document. */
  readonly isSound: boolean;
}

async function ask(
  worker: Worker,
  request: ReadRequest,
  { timeoutMs, maxMemoryMb }: ThreadOptions,
  signal: AbortSignal,
): Promise<Answer> {
  const limits = new AbortController();
  const timer = setTimeout(() => limits.abort('timed-out'), timeoutMs);
  const stopWatching = watchMemory(worker, maxMemoryMb, () => limits.abort('out-of-memory'));
  try {
    const answered = nextEvent(worker, AbortSignal.any([signal, limits.signal]));
    worker.postMessage(request, [request.bytes.buffer]);
    const event = await answered;
    if (event.kind === 'read') {
      // What one document leaves behind must not count against the next.
      const left = await memoryMb(worker);
      return { result: event.result, isSound: left !== undefined && left < maxMemoryMb / 2 };
    }
    return { result: event.kind === 'out-of-memory' ? outOfMemory(maxMemoryMb) : crashed(), isSound: false };
  } catch (error) {
    if (!limits.signal.aborted || signal.aborted) throw error;
    const result = limits.signal.reason === 'timed-out' ? timedOut(timeoutMs) : outOfMemory(maxMemoryMb);
    return { result, isSound: false };
  } finally {
    clearTimeout(timer);
    stopWatching();
  }
}

type ThreadEvent = ThreadMessage | { readonly kind: 'out-of-memory' } | { readonly kind: 'crashed' };

/** The next thing a thread says or dies of; rejects with the signal's reason. */
async function nextEvent(worker: Worker, signal: AbortSignal): Promise<ThreadEvent> {
  const { promise, resolve, reject } = Promise.withResolvers<ThreadEvent>();
  const onExit = (): void => resolve({ kind: 'crashed' });
  const onError = (error: unknown): void =>
    resolve({ kind: codeOf(error) === 'ERR_WORKER_OUT_OF_MEMORY' ? 'out-of-memory' : 'crashed' });
  const onAbort = (): void => reject(signal.reason as Error);
  worker.once('message', resolve).once('error', onError).once('exit', onExit);
  signal.addEventListener('abort', onAbort);
  if (signal.aborted) onAbort();
  try {
    return await promise;
  } finally {
    worker.off('message', resolve).off('error', onError).off('exit', onExit);
    signal.removeEventListener('abort', onAbort);
  }
}

const codeOf = (error: unknown): unknown =>
  error instanceof Error && 'code' in error ? error.code : undefined;

const timedOut = (timeoutMs: number) =>
  refuse('timed-out', `reading it took longer than ${timeoutMs / 1000} s; split or simplify it`);

const outOfMemory = (maxMemoryMb: number) =>
  refuse('out-of-memory', `reading it took more than ${maxMemoryMb} MiB of memory; split or simplify it`);

const crashed = () => refuse('too-complex', 'the thread that read it died of it; simplify or convert it');
