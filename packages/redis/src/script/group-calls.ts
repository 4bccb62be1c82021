import { StoreUnavailable } from '../store-unavailable.ts';

export interface GroupLimits {
  /** Calls under way at once. */
  readonly mostCalls: number;
  /** Items of one call, and their bytes: one further item may exceed them. */
  readonly mostItems: number;
  readonly mostBytes: number;
  /** Bytes that may wait for their call; what comes on top is refused at once. */
  readonly mostWaitingBytes: number;
  /** An item that has waited for its call this long is refused, and was not sent. */
  readonly waitMs: number;
}

interface Waiting<Item, Reply> {
  readonly item: Item;
  readonly bytes: number;
  readonly sinceMs: number;
  readonly answer: PromiseWithResolvers<Reply>;
}

/**
 * Group commit: what comes while a call is under way goes out together with the next one, so that many callers share a
 * round trip and a sync, and a caller alone waits for nobody. Rejects with `StoreUnavailable` what cannot be sent in
 * time; a call that fails rejects all its items.
 *
 * @param send one call for several items; its replies are in their order
 */
export function groupCalls<Item, Reply>(
  send: (items: readonly Item[]) => Promise<readonly Reply[]>,
  limits: GroupLimits,
): (item: Item, bytes: number) => Promise<Reply> {
  let waiting: Waiting<Item, Reply>[] = [];
  let waitingBytes = 0;
  let calls = 0;

  const take = (): readonly Waiting<Item, Reply>[] => {
    let bytes = 0;
    let count = 0;
    while (count < waiting.length && count < limits.mostItems && bytes < limits.mostBytes) {
      bytes += waiting[count]?.bytes ?? 0;
      count += 1;
    }
    const group = waiting.slice(0, count);
    waiting = waiting.slice(count);
    waitingBytes -= bytes;
    return group;
  };
  const call = async (group: readonly Waiting<Item, Reply>[]): Promise<void> => {
    try {
      const replies = await send(group.map(({ item }) => item));
      for (const [index, { answer }] of group.entries()) {
        const reply = replies[index];
        if (reply === undefined)
          answer.reject(new Error(`${group.length} items got ${replies.length} replies`));
        else answer.resolve(reply);
      }
    } catch (error) {
      for (const { answer } of group) answer.reject(error);
    }
  };
  const refuseLate = (): void => {
    const oldestMs = performance.now() - limits.waitMs;
    while (waiting[0] !== undefined && waiting[0].sinceMs < oldestMs) {
      const late = waiting.shift();
      waitingBytes -= late?.bytes ?? 0;
      late?.answer.reject(new StoreUnavailable(`no turn within ${limits.waitMs} ms`));
    }
  };
  const next = (): void => {
    refuseLate();
    while (waiting.length > 0 && calls < limits.mostCalls) {
      calls += 1;
      void call(take()).finally(() => {
        calls -= 1;
        next();
      });
    }
    // While every call hangs nobody comes by to refuse those that wait: they look after themselves.
    if (waiting.length > 0) timer ??= setTimeout(onTimer, limits.waitMs).unref();
  };
  let timer: NodeJS.Timeout | undefined;
  const onTimer = (): void => {
    timer = undefined;
    next();
  };
  return (item, bytes) => {
    if (waitingBytes + bytes > limits.mostWaitingBytes && waiting.length > 0) {
      return Promise.reject(new StoreUnavailable(`${waitingBytes} bytes wait for their turn`));
    }
    const answer = Promise.withResolvers<Reply>();
    waiting.push({ item, bytes, sinceMs: performance.now(), answer });
    waitingBytes += bytes;
    next();
    return answer.promise;
  };
}
