import { startChild } from './child.ts';

export interface AskChildrenOptions<Ask, Answer> {
  /** A file that calls `answerParent`. */
  readonly file: URL;
  readonly asks: readonly Ask[];
  readonly signal: AbortSignal;
  /** Hears of every answer as it comes. */
  readonly answered?: (ask: Ask, answer: Answer) => void;
}

/** Cores a benchmark takes: the machine stays usable. */
const CHILDREN = 2;

/**
 * Asks many things of children that compute side by side, and resolves to the answers in the order of the asks. Rejects
 * with the signal's reason, or with what a child threw; no child is left then.
 */
export async function askChildren<Ask, Answer>({
  file,
  asks,
  signal,
  answered,
}: AskChildrenOptions<Ask, Answer>): Promise<readonly Answer[]> {
  const answers: Answer[] = [];
  const failed = new AbortController();
  const stop = AbortSignal.any([signal, failed.signal]);
  const stopped = Promise.withResolvers<never>();
  stopped.promise.catch(() => {});
  stop.addEventListener('abort', () => stopped.reject(stop.reason), { once: true });
  const left = asks.entries();
  const work = async (): Promise<void> => {
    await using stack = new AsyncDisposableStack();
    const child = stack.adopt(await startChild<Ask, Answer>(file), (open) => open.close());
    for (const [index, ask] of left) {
      stop.throwIfAborted();
      // A child that is computing hears nothing: closing it kills it.
      const answer = await Promise.race([child.ask(ask), stopped.promise]);
      answers[index] = answer;
      answered?.(ask, answer);
    }
  };
  const children = Array.from({ length: Math.min(CHILDREN, asks.length) }, async () => {
    try {
      await work();
    } catch (error) {
      failed.abort(error);
    }
  });
  await Promise.all(children);
  stop.throwIfAborted();
  return answers;
}
