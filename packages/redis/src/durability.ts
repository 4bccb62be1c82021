import type { Redis } from 'ioredis';

/** How long replicas may take; a write they have not confirmed by then is not acknowledged. */
const CONFIRM_MS = 1000;

interface Confirmation {
  readonly replicas: number;
  /** Rises with every connection that was lost. */
  epoch: number;
  running: Promise<void> | undefined;
  next: Promise<void> | undefined;
}

const confirmations = new WeakMap<Redis, Confirmation>();

/** From now on `confirmDurable` waits on this connection until so many replicas have a write; 0 asks none. */
export function requireReplicas(redis: Redis, replicas: number): void {
  if (replicas === 0) return;
  const confirmation: Confirmation = { replicas, epoch: 0, running: undefined, next: undefined };
  confirmations.set(redis, confirmation);
  redis.on('close', () => {
    confirmation.epoch += 1;
  });
}

/**
 * Resolves when as many replicas as the connection was opened with have every write that was answered on it so far.
 * Call it as soon as the write has resolved, with nothing awaited in between. Throws, within two seconds, an error that
 * `isStoreUnavailable` knows when fewer of them do; the write stands on the master then, and may be lost with it. A Redis
 * that is frozen is waited for as by any call of the connection.
 *
 * Replicas confirm what they hold in memory; what they have on disk is for their own `appendfsync`.
 */
export async function confirmDurable(redis: Redis): Promise<void> {
  const confirmation = confirmations.get(redis);
  if (confirmation === undefined) return;
  const { epoch } = confirmation;
  await join(redis, confirmation);
  // Another connection may lead to another master, which knows nothing of the write and confirms it all the same.
  if (confirmation.epoch !== epoch)
    throw new Error('NOREPLICAS the connection was lost before they confirmed');
}

/**
 * WAIT holds a connection up, so there is one at a time: it speaks for all writes before it, and those who come while it
 * is under way share the next one.
 */
function join(redis: Redis, confirmation: Confirmation): Promise<void> {
  if (confirmation.running === undefined) return start(redis, confirmation);
  confirmation.next ??= confirmation.running
    .catch(() => undefined)
    .then(() => {
      confirmation.next = undefined;
      return start(redis, confirmation);
    });
  return confirmation.next;
}

function start(redis: Redis, confirmation: Confirmation): Promise<void> {
  const running = waitForReplicas(redis, confirmation.replicas).finally(() => {
    if (confirmation.running === running) confirmation.running = undefined;
  });
  confirmation.running = running;
  return running;
}

async function waitForReplicas(redis: Redis, replicas: number): Promise<void> {
  const confirmed = await redis.wait(replicas, CONFIRM_MS);
  if (confirmed >= replicas) return;
  throw new Error(`NOREPLICAS ${confirmed} of ${replicas} replicas confirmed the write in ${CONFIRM_MS} ms`);
}
