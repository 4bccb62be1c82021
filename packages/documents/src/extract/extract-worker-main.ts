import { parentPort } from 'node:worker_threads';
import { refuse } from '../document.ts';
import { readDocument } from '../read-document.ts';
import type { ReadRequest, ThreadMessage } from './thread-message.ts';

if (parentPort === null) throw new Error('runs as a worker thread of the extractor only');
const port = parentPort;
const send = (message: ThreadMessage): void => port.postMessage(message);

// What a parser left undone for one document must not end the thread while it reads the next.
process.on('unhandledRejection', () => undefined);

port.on('message', ({ name, bytes, options }: ReadRequest) => {
  readDocument({ name, bytes }, options).then(
    (result) => send({ kind: 'read', result }),
    // What a parser throws may quote the document, so it is not repeated; running out of stack is the usual cause.
    (error: unknown) => {
      const result =
        error instanceof RangeError
          ? refuse('too-complex', 'its parts are nested too deep or are too many; simplify it')
          : refuse('malformed', 'the document is damaged; open it in its program and save it again');
      send({ kind: 'read', result });
    },
  );
});
send({ kind: 'ready' });
