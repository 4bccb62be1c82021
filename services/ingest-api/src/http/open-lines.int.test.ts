import { connect } from 'node:net';
import { listen } from '@spillway/service-kit';
import { expect, test } from 'vitest';
import { openLines } from './open-lines.ts';

const MEBIBYTE = 'x'.repeat(1_048_576);

/** Serves lines without an end; tells how many pages were read, and when the reading was closed. */
async function serveEndless(idleMs: number) {
  const closed = Promise.withResolvers<number>();
  async function* endless(): AsyncGenerator<string, void, undefined> {
    let pages = 0;
    try {
      for (;;) {
        pages += 1;
        yield MEBIBYTE;
      }
    } finally {
      closed.resolve(pages);
    }
  }
  const server = await listen(
    async () => new Response(await openLines(endless(), { idleMs, onFailure: () => undefined })),
    { port: 0, host: '127.0.0.1' },
  );
  const socket = connect(server.port, '127.0.0.1');
  socket.on('error', () => undefined);
  socket.write('GET / HTTP/1.1\r\nHost: localhost\r\n\r\n');
  return { server, socket, closed: closed.promise };
}

test('a client that never reads costs some pages, not all, and its connection is ended', async () => {
  const { server, socket, closed } = await serveEndless(100);
  socket.pause();
  expect(await closed).toBeLessThan(40);
  // Only resolves so soon when the connection is gone: the grace is longer than the test may take.
  await server.close(60_000);
  socket.destroy();
});

test('a client that goes away ends the reading at once', async () => {
  const { server, socket, closed } = await serveEndless(60_000);
  socket.once('data', () => socket.destroy());
  expect(await closed).toBeLessThan(40);
  await server.close(60_000);
});
