import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';

/** A part of a benchmark in a process of its own, so that its CPU time is its own, too. */
export interface Child<Ask, Answer> {
  /** Rejects with what the child threw, or when it has ended. */
  ask(message: Ask): Promise<Answer>;
  /** User and system time so far, in µs. */
  cpuMicros(): Promise<number>;
  close(): Promise<void>;
}

/** What goes to a child; `answerParent` is the other end. */
export type ToChild<Ask> =
  | { readonly id: number; readonly kind: 'ask'; readonly ask: Ask }
  | { readonly id: number; readonly kind: 'cpu' };

export type FromChild<Answer> =
  | { readonly kind: 'ready' }
  | { readonly kind: 'answer'; readonly id: number; readonly answer: Answer | number }
  | { readonly kind: 'failed'; readonly id: number; readonly error: string };

/** Starts a file that calls `answerParent`, and resolves when it has. The child ends with this process. */
export async function startChild<Ask, Answer>(
  file: URL,
  args: readonly string[] = [],
): Promise<Child<Ask, Answer>> {
  const child = fork(file, args, { stdio: ['ignore', 'inherit', 'inherit', 'ipc'] });
  const waiting = new Map<number, PromiseWithResolvers<Answer | number>>();
  const ready = Promise.withResolvers<void>();
  child.on('message', (raw) => {
    const message = raw as FromChild<Answer>;
    if (message.kind === 'ready') {
      ready.resolve();
      return;
    }
    const asked = waiting.get(message.id);
    waiting.delete(message.id);
    if (message.kind === 'answer') asked?.resolve(message.answer);
    else asked?.reject(new Error(message.error));
  });
  child.once('exit', (code) => {
    const ended = new Error(`${file.pathname} ended with ${code}`);
    ready.reject(ended);
    for (const asked of waiting.values()) asked.reject(ended);
  });
  await ready.promise;
  let last = 0;
  const send = async (message: DistributiveOmit<ToChild<Ask>, 'id'>): Promise<Answer | number> => {
    last += 1;
    const asked = Promise.withResolvers<Answer | number>();
    waiting.set(last, asked);
    child.send({ ...message, id: last });
    return asked.promise;
  };
  return {
    ask: async (ask) => (await send({ kind: 'ask', ask })) as Answer,
    cpuMicros: async () => (await send({ kind: 'cpu' })) as number,
    close: () => end(child),
  };
}

type DistributiveOmit<Union, Key extends PropertyKey> = Union extends unknown ? Omit<Union, Key> : never;

const END_LIMIT_MS = 5_000;

async function end(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const overdue = setTimeout(() => child.kill('SIGKILL'), END_LIMIT_MS);
  child.disconnect();
  await once(child, 'exit');
  clearTimeout(overdue);
}
