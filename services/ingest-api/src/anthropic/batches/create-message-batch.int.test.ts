import { once } from 'node:events';
import { request } from 'node:http';
import { connect } from 'node:net';
import type { BlobSource, BlobStore } from '@spillway/blobs';
import { expect, test } from 'vitest';
import { listBlobs } from '../../testing/list-blobs.ts';
import { openTestApi } from '../../testing/open-test-api.ts';
import { KEYS } from '../../testing/samples.ts';

const REQUESTS = 4000;
const TEXT = 'x'.repeat(8000);
/** What a connection over the loopback holds by itself in the kernel, and what we may hold. */
const MOST_HELD_BYTES = 14_000_000;

function* body(): Generator<string, void, undefined> {
  yield '{"requests":[';
  for (let index = 0; index < REQUESTS; index += 1) {
    const params = { model: 'small', max_tokens: 1, messages: [{ role: 'user', content: TEXT }] };
    yield (index === 0 ? '' : ',') + JSON.stringify({ custom_id: `r-${index}`, params });
  }
  yield ']}';
}

/** A store that takes nothing before it is told to. */
function holdBack(gate: Promise<void>) {
  async function* held(source: BlobSource): AsyncGenerator<Uint8Array, void, undefined> {
    await gate;
    yield* source;
  }
  return (blobs: BlobStore): BlobStore => ({
    ...blobs,
    write: (key, source, options) => blobs.write(key, held(source), options),
  });
}

test('a body of 32 MB stays with its client as long as the blob store takes nothing of it', async () => {
  const gate = Promise.withResolvers<void>();
  await using api = await openTestApi({ blobsOf: holdBack(gate.promise) });
  const sent = request(`${api.url}/v1/messages/batches`, {
    method: 'POST',
    headers: { 'x-api-key': KEYS.acme, 'content-type': 'application/json' },
  });
  const answered = once(sent, 'response');
  const write = async (): Promise<void> => {
    for (const piece of body()) if (!sent.write(piece)) await once(sent, 'drain');
    sent.end();
  };
  const written = write();
  let before = -1;
  let now = 0;
  await expect
    .poll(
      () => {
        before = now;
        now = (sent.socket?.bytesWritten ?? 0) - (sent.socket?.writableLength ?? 0);
        return now > 0 && now === before;
      },
      { interval: 200, timeout: 10_000 },
    )
    .toBe(true);
  expect(now).toBeLessThan(MOST_HELD_BYTES);
  gate.resolve();
  await written;
  const [response] = (await answered) as [{ statusCode: number; resume(): void }];
  response.resume();
  expect(response.statusCode).toBe(200);
  const [input] = await listBlobs(api);
  expect(input?.bytes).toBeGreaterThan(REQUESTS * TEXT.length);
});

test('a client that goes away in the middle leaves nothing behind, and is no bug of ours', async () => {
  await using api = await openTestApi();
  const head = `POST /v1/messages/batches HTTP/1.1\r\nHost: localhost\r\nX-Api-Key: ${KEYS.acme}\r\n`;
  const socket = connect(Number(new URL(api.url).port), '127.0.0.1');
  socket.write(`${head}Content-Type: application/json\r\nContent-Length: 1000\r\n\r\n{"requests":[`);
  await once(socket, 'connect');
  socket.destroy();
  await expect
    .poll(async () =>
      (await (await fetch(`${api.url}/metrics`)).text()).includes('route="/v1/messages/batches"'),
    )
    .toBe(true);
  expect(await listBlobs(api)).toEqual([]);
  expect(api.log).toEqual([]);
});
