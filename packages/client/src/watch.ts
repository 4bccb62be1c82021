import { pause } from './pause.ts';
import type { Polled } from './polled.ts';

export interface WatchOptions<Value> {
  /** Looks once; the platform may hold the answer for `waitSeconds`. */
  readonly poll: (look: {
    readonly etag: string | undefined;
    readonly waitSeconds: number;
  }) => Promise<Polled<Value>>;
  readonly isFinal: (value: Value) => boolean;
  /** Looks begin at least this far apart, however often the resource changes. */
  readonly spacingMs: number;
  readonly waitSeconds?: number | undefined;
  readonly signal?: AbortSignal | undefined;
}

const DEFAULT_WAIT_SECONDS = 30;
const DEFAULT_RETRY_AFTER_MS = 1000;
/** An estimate may be wrong: after this long we look again whatever `Retry-After` said. */
const LONGEST_PAUSE_MS = 30_000;

/**
 * Every change of a resource until it is final, by long polling: a held answer is followed by the next look at once,
 * an answer that was not held and brought nothing new by the pause the platform asked for.
 */
export async function* watch<Value>(options: WatchOptions<Value>): AsyncGenerator<Value, void, undefined> {
  const { poll, isFinal, spacingMs, signal, waitSeconds = DEFAULT_WAIT_SECONDS } = options;
  let etag: string | undefined;
  let seen: string | undefined;
  for (;;) {
    const startedAtMs = performance.now();
    const polled = await poll({ etag, waitSeconds });
    const tookMs = performance.now() - startedAtMs;
    let isNew = false;
    if (polled.kind === 'changed') {
      // a server that sends no ETag answers in full every time: the text tells whether it changed
      const text = JSON.stringify(polled.value);
      isNew = text !== seen;
      seen = text;
      etag = polled.etag;
      if (isNew) yield polled.value;
      if (isFinal(polled.value)) return;
    }
    const wasHeld = tookMs >= waitSeconds * 1000 * 0.9;
    const askedMs =
      isNew || wasHeld ? 0 : Math.min(LONGEST_PAUSE_MS, polled.retryAfterMs ?? DEFAULT_RETRY_AFTER_MS);
    await pause(Math.max(askedMs, spacingMs - tookMs, 0), signal);
  }
}
