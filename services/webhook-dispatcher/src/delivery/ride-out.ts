import { isStoreUnavailable } from '@spillway/redis';
import { wait } from '@spillway/service-kit';

const LIMIT_MS = 30_000;
const PAUSE_MS = 250;

/**
 * Makes a call to the store again while the store refuses it, for at most 30 s or until `cut`. A turn that failed for
 * that would stay with the queue until its lock is over, and a post that nobody noted would be made again. The call
 * must not mind being made twice.
 */
export async function rideOut<Answer>(call: () => Promise<Answer>, cut: AbortSignal): Promise<Answer> {
  const untilMs = performance.now() + LIMIT_MS;
  for (;;) {
    try {
      return await call();
    } catch (error) {
      if (!isStoreUnavailable(error) || cut.aborted || performance.now() >= untilMs) throw error;
    }
    await wait(PAUSE_MS, cut);
  }
}
