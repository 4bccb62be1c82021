import type { Redis } from 'ioredis';

/** How often a connection is looked at, and asked for a sign of life. */
const LOOK_EVERY_MS = 1000;
/** Longer than anything waits at the server on a watched connection: reads that block, and WAIT, take one second. */
const SILENT_MS = 3000;
/** What is still to be sent before the PING takes its time, too: at the least, this much gets through. */
const SLOWEST_BYTES_PER_MS = 1000;
/** Replies that arrive are signs of life, but not for ever: after a reconnect they may belong to other calls. */
const LONGEST_MS = 30_000;
/** A handshake that takes longer goes to somebody who took the connection and does not answer. */
const HANDSHAKE_MS = 10_000;
/** For the second connection, which is only opened to see whether Redis answers. */
const PROBE_MS = 1000;

/**
 * Replaces a connection that has gone silent although Redis answers others: half-open, or its replies lost count after
 * a reconnect. Calls on it then settle within seven seconds; without this, they never would.
 *
 *   a PING unanswered for 3 s  ──▶ a second connection asks, too ──▶ answered: this one is replaced
 *                                                                └─▶ not: Redis is frozen, busy or away; leave it
 *
 * A Redis that is frozen keeps its connections, so nothing is sent twice because of it. What was in flight on a
 * replaced connection is sent again, as after every lost connection: our scripts and BullMQ's adds, which carry their
 * own ids, change nothing the second time. Returns what ends the watch.
 */
export function watchConnection(redis: Redis): () => void {
  let asked: { readonly atMs: number; readonly patienceMs: number } | undefined;
  let heard = { bytes: 0, atMs: 0 };
  let probing = false;
  let status: { readonly kind: Redis['status']; readonly sinceMs: number } | undefined;

  const ask = (): void => {
    const patienceMs = SILENT_MS + redis.stream.writableLength / SLOWEST_BYTES_PER_MS;
    const atMs = performance.now();
    const ping = { atMs, patienceMs };
    asked = ping;
    heard = { bytes: redis.stream.bytesRead, atMs };
    const settle = (): void => {
      if (asked === ping) asked = undefined;
    };
    redis.ping().then(settle, settle);
  };
  const isSilent = (nowMs: number): boolean => {
    if (asked === undefined) return false;
    const bytes = redis.stream.bytesRead;
    if (bytes !== heard.bytes) heard = { bytes, atMs: nowMs };
    return nowMs - heard.atMs >= asked.patienceMs || nowMs - asked.atMs >= LONGEST_MS;
  };
  const replaceIfDead = async (): Promise<void> => {
    const suspect = asked;
    probing = true;
    const answered = await answersOthers(redis);
    probing = false;
    if (answered && asked === suspect && redis.status === 'ready') replace(redis);
  };
  const look = (): void => {
    const nowMs = performance.now();
    if (status?.kind !== redis.status) status = { kind: redis.status, sinceMs: nowMs };
    if (redis.status === 'ready') {
      if (asked === undefined) ask();
      else if (isSilent(nowMs) && !probing) void replaceIfDead();
    }
    // no call of ours has been sent on it yet
    if (redis.status === 'connect' && nowMs - status.sinceMs >= HANDSHAKE_MS) replace(redis);
    // the client gives up for good when it is told to reconnect while it asks the sentinels
    if (redis.status === 'end') redis.connect().catch(() => undefined);
  };
  // a call that was in flight when the connection broke says nothing about the next one
  const forget = (): void => {
    asked = undefined;
  };
  redis.on('close', forget);
  const timer = setInterval(look, LOOK_EVERY_MS).unref();
  return () => {
    clearInterval(timer);
    redis.off('close', forget);
  };
}

/** Not `disconnect(true)`, which first says goodbye to a peer that may not hear it. */
function replace(redis: Redis): void {
  redis.stream.destroy(new Error('the connection went silent and is replaced'));
}

/** Whether a new connection, to whichever server is the master now, gets a PONG. */
async function answersOthers(redis: Redis): Promise<boolean> {
  const probe = redis.duplicate({
    lazyConnect: true,
    enableReadyCheck: false,
    retryStrategy: null,
    sentinelRetryStrategy: () => null,
    connectTimeout: PROBE_MS,
    commandTimeout: PROBE_MS,
    sentinelCommandTimeout: PROBE_MS,
  });
  probe.on('error', () => undefined);
  try {
    await probe.connect();
    return (await probe.ping()) === 'PONG';
  } catch {
    return false;
  } finally {
    probe.disconnect();
  }
}
