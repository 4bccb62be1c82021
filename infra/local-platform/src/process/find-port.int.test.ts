import { createServer } from 'node:net';
import { expect, test } from 'vitest';
import { findPort } from './find-port.ts';

test('a port that is taken is passed over for the next one', async () => {
  const port = await findPort(20_000 + Math.floor(Math.random() * 10_000));
  const server = createServer();
  await new Promise<void>((listening) => {
    server.listen(port, '127.0.0.1', () => listening());
  });
  expect(await findPort(port)).toBeGreaterThan(port);
  await new Promise((closed) => {
    server.close(closed);
  });
  expect(await findPort(port)).toBe(port);
});
