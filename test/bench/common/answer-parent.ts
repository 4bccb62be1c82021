import type { FromChild, ToChild } from './child.ts';

/**
 * The child's end of `startChild`: answers one question after the other, tells its CPU time, and ends the process,
 * after `close`, when the parent lets go of it or is gone. Whoever starts the child says what it is asked.
 */
export function answerParent(
  answer: (ask: never) => Promise<unknown>,
  close: () => Promise<void> = async () => {},
): void {
  const reply = async (message: ToChild<unknown>): Promise<void> => {
    if (message.kind === 'cpu') {
      const { user, system } = process.cpuUsage();
      send({ kind: 'answer', id: message.id, answer: user + system });
      return;
    }
    send({ kind: 'answer', id: message.id, answer: await answer(message.ask as never) });
  };
  process.on('message', (raw) => {
    const message = raw as ToChild<unknown>;
    reply(message).catch((error: unknown) => {
      send({ kind: 'failed', id: message.id, error: error instanceof Error ? error.message : String(error) });
    });
  });
  process.once('disconnect', () => {
    close().then(
      () => process.exit(0),
      () => process.exit(1),
    );
  });
  // A terminal sends Ctrl-C to the whole group; the parent says when it is over.
  process.on('SIGINT', () => {});
  send({ kind: 'ready' });
}

const send = (message: FromChild<unknown>): void => void process.send?.(message);
