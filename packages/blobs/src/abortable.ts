/**
 * The items of a source until the signal aborts: then throws its reason at once, though the source may never answer.
 * A source that is left early is told so; nothing waits for it to let go, because it may not.
 */
export async function* abortable<Item>(
  source: AsyncIterable<Item> | Iterable<Item>,
  signal: AbortSignal,
): AsyncGenerator<Item, void, undefined> {
  signal.throwIfAborted();
  if (Symbol.iterator in source) {
    for (const item of source) {
      yield item;
      signal.throwIfAborted();
    }
    return;
  }
  const iterator = source[Symbol.asyncIterator]();
  // one listener for the whole source, not one a chunk
  let interrupt: (() => void) | undefined;
  const onAbort = (): void => interrupt?.();
  signal.addEventListener('abort', onAbort, { once: true });
  let left = true;
  const next = (): Promise<IteratorResult<Item, unknown>> =>
    new Promise((resolve, reject) => {
      interrupt = () => reject(signal.reason as Error);
      if (signal.aborted) return reject(signal.reason as Error);
      iterator.next().then(resolve, (error: unknown) => {
        left = false;
        reject(error);
      });
    });
  try {
    for (let step = await next(); step.done !== true; step = await next()) yield step.value;
    left = false;
  } finally {
    signal.removeEventListener('abort', onAbort);
    if (left) void iterator.return?.().catch(() => undefined);
  }
}
