import { once } from 'node:events';
import { createServer } from 'node:http';
import { type AddressInfo, connect, type Socket } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { z } from 'zod';
import { filePart, FORM_TYPE, rawForm } from '../testing/raw-form.ts';
import { Problem } from './problem.ts';
import { type FileSink, readForm } from './read-form.ts';

interface Listener extends AsyncDisposable {
  readonly socket: Socket;
  /** What became of the one form that is sent. */
  readonly outcome: Promise<unknown>;
}

/** A server that reads one form, and a client that sends it as the test likes. */
async function openListener<Stored>(
  sink: FileSink<Stored>,
  idleMs: number,
  length = 10_000_000,
): Promise<Listener> {
  const outcome = Promise.withResolvers<unknown>();
  const server = createServer((incoming, outgoing) => {
    const shape = {
      fields: z.strictObject({}),
      fieldBytes: 0,
      fileField: 'file',
      mostFiles: 2000,
      mostBytes: 20_000_000,
      fileTooLarge: () => new Problem('file-too-large', 'too large'),
      idleMs,
    };
    readForm(incoming, shape, sink).then(outcome.resolve, outcome.resolve);
    outcome.promise.then(() => outgoing.end()).catch(() => undefined);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const socket = connect((server.address() as AddressInfo).port, '127.0.0.1');
  socket.on('error', () => undefined);
  socket.write(
    `POST / HTTP/1.1\r\nHost: a\r\nContent-Type: ${FORM_TYPE}\r\nContent-Length: ${length}\r\n\r\n`,
  );
  return {
    socket,
    outcome: outcome.promise,
    [Symbol.asyncDispose]: async () => {
      socket.destroy();
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

const begun = filePart('file', 'a', 'x'.repeat(1000));

test('a client that sends nothing any more is refused after its time, and its file is taken back', async () => {
  const aborted = Promise.withResolvers<undefined>();
  const sink: FileSink<never> = {
    store: async (_file, _index, signal) => {
      await once(signal, 'abort');
      aborted.resolve(undefined);
      throw new Error('aborted');
    },
    discard: () => Promise.resolve(),
  };
  await using listener = await openListener(sink, 40);
  listener.socket.write(begun);
  expect(await listener.outcome).toMatchObject({
    code: 'invalid-request',
    detail: expect.stringContaining('nothing of the body came') as string,
  });
  await aborted.promise;
});

test('a store that takes nothing holds the client up, at some bytes of memory, and is not taken for its silence', async () => {
  const enough = Promise.withResolvers<undefined>();
  const sink: FileSink<string> = {
    store: async (file) => {
      await enough.promise;
      for await (const chunk of file) if (chunk.length > 0) break;
      throw new Problem('store-unavailable', 'full');
    },
    discard: () => Promise.resolve(),
  };
  await using listener = await openListener(sink, 20);
  listener.socket.write(begun.slice(0, -2));
  const block = Buffer.alloc(1_000_000, 'x');
  for (let count = 0; count < 9; count += 1) listener.socket.write(block);
  // Ten times the time a silent client has: what the connection does not hold stays with the client.
  const waited = new Promise((resolve) => setTimeout(resolve, 200, 'still waiting'));
  expect(await Promise.race([listener.outcome, waited])).toBe('still waiting');
  expect(listener.socket.writableLength).toBeGreaterThan(1_000_000);
  enough.resolve(undefined);
  expect(await listener.outcome).toMatchObject({ code: 'store-unavailable' });
});

test('what was stored is discarded when the form turns out to be wrong behind it', async () => {
  const discarded: unknown[] = [];
  const whole = Promise.withResolvers<undefined>();
  const sink: FileSink<number> = {
    store: async (file) => {
      const chunks = await Array.fromAsync(file);
      whole.resolve(undefined);
      return chunks.reduce((sum, { length }) => sum + length, 0);
    },
    discard: (stored) => Promise.resolve(void discarded.push(stored)),
  };
  await using listener = await openListener(sink, 5000);
  const other = filePart('other', 'b', 'y');
  const boundary = other.slice(0, other.indexOf('\r\n') + 2);
  listener.socket.write(`${begun}${boundary}`);
  await whole.promise;
  listener.socket.write(other.slice(boundary.length));
  expect(await listener.outcome).toMatchObject({ errors: [{ path: 'other' }] });
  expect(discarded).toEqual([1000]);
});

test('of many small files a few are stored at once, and all come in their order', async () => {
  const names = Array.from({ length: 50 }, (_, index) => `${index}`);
  let storing = 0;
  let most = 0;
  const sink: FileSink<string> = {
    store: async (file, index) => {
      storing += 1;
      most = Math.max(most, storing);
      const text = Buffer.concat(await Array.fromAsync(file)).toString();
      await new Promise(setImmediate);
      storing -= 1;
      return `${index}: ${text.length}`;
    },
    discard: () => Promise.resolve(),
  };
  await using listener = await openListener(sink, 5000, 1_020_000);
  const parts = names.map((name) => filePart('file', name, 'x'.repeat(20_000)));
  listener.socket.write(rawForm(...parts).padEnd(1_020_000));
  expect(await listener.outcome).toMatchObject({
    files: names.map((name) => ({ filename: name, stored: `${name}: 20000` })),
  });
  expect(most).toBeLessThan(16);
});

test('small files behind a large one all come to a slow store, byte for byte', async () => {
  // The end of the large one fills what the parser holds of a file, and in the same reading more files begin than are
  // stored at once: the reader waits for both.
  const small = Array.from({ length: 1500 }, (_, index) => `${index}:`.padEnd(1024, `${index};`));
  const texts = ['l'.repeat(1_050_000), ...small];
  let storing = 0;
  let most = 0;
  const sink: FileSink<string> = {
    store: async (file) => {
      storing += 1;
      most = Math.max(most, storing);
      // A slow disk: in this time the connection brings several readings more.
      await sleep(20);
      const text = Buffer.concat(await Array.fromAsync(file)).toString();
      storing -= 1;
      return text;
    },
    discard: () => Promise.resolve(),
  };
  const body = rawForm(...texts.map((text, index) => filePart('file', `${index}`, text)));
  await using listener = await openListener(sink, 2000, body.length);
  listener.socket.write(body);
  const files = texts.map((text, index) => ({ filename: `${index}`, stored: text }));
  const outcome = await listener.outcome;
  expect(outcome).toMatchObject({ files: { length: files.length } });
  expect(outcome).toEqual({ fields: {}, files });
  expect(most).toBeLessThan(100);
});

test('a client that goes away while the store takes nothing is noticed, and nothing is kept', async () => {
  const begins = Promise.withResolvers<undefined>();
  const discarded: unknown[] = [];
  const sink: FileSink<string> = {
    store: async (_file, index, signal) => {
      if (index < 8) return `${index}`;
      begins.resolve(undefined);
      await once(signal, 'abort');
      throw new Error('aborted');
    },
    discard: (stored) => Promise.resolve(void discarded.push(stored)),
  };
  await using listener = await openListener(sink, 5000);
  listener.socket.write(begun.repeat(16));
  await begins.promise;
  listener.socket.destroy();
  expect(await listener.outcome).toMatchObject({ detail: 'the body ended before it was whole' });
  expect(discarded).toEqual(['0', '1', '2', '3', '4', '5', '6', '7']);
});
