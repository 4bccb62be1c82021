import type { Worker } from 'node:worker_threads';

/**
 * Ends a thread and resolves when it has ended. Asks again each 50 ms: about one request in a hundred comes between two
 * steps of an endless chain of promises, where V8 drops it, and the thread would run on until its heap is full.
 */
export async function endThread(worker: Worker): Promise<void> {
  worker.setMaxListeners(0);
  const again = setInterval(() => void worker.terminate(), INTERVAL_MS);
  try {
    await worker.terminate();
  } finally {
    clearInterval(again);
  }
}

const INTERVAL_MS = 50;
