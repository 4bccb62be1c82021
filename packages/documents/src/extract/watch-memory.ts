import type { Worker } from 'node:worker_threads';

/**
 * Calls `exceeded` when a thread holds more than so many MiB, garbage and buffers included. A thread's own limit counts
 * its heap only, while a compressed stream unfolds in buffers; and where that limit is met within a single built-in
 * function, V8 ends the whole process. Asked each 20 ms: what a thread can fill in that time, it may have in excess.
 */
export function watchMemory(worker: Worker, maxMemoryMb: number, exceeded: () => void): () => void {
  let asking = false;
  const look = async (): Promise<void> => {
    if (asking) return;
    asking = true;
    const held = await memoryMb(worker);
    asking = false;
    // Of a thread that has ended: that is seen elsewhere.
    if (held !== undefined && held > maxMemoryMb) exceeded();
  };
  const timer = setInterval(() => void look(), INTERVAL_MS);
  return () => clearInterval(timer);
}

const INTERVAL_MS = 20;

/** What a thread holds, garbage and buffers included, in MiB; nothing of one that has ended. */
export async function memoryMb(worker: Worker): Promise<number | undefined> {
  try {
    const { used_heap_size: heap, external_memory: buffers } = await worker.getHeapStatistics();
    return (heap + buffers) / (1024 * 1024);
  } catch {
    return undefined;
  }
}
