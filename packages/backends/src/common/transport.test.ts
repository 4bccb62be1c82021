import { Agent, errors } from 'undici';
import { describe, expect, test } from 'vitest';
import { createTransport, markingNotConnected } from './transport.ts';
import { isBrokenConnection, toTransportFailure } from './transport-failure.ts';

/** fetch through an agent whose every connection fails like this. */
async function failingFetch(failure: Error): Promise<unknown> {
  const connect = markingNotConnected((_options, callback) => {
    callback(failure, null);
  });
  const init = { dispatcher: new Agent({ connect }) } as unknown as RequestInit;
  return createTransport()
    .fetch('http://127.0.0.1/', init)
    .catch((error: unknown) => error);
}

const systemError = (code: string) => Object.assign(new Error(`connect ${code}`), { code });

describe('createTransport', () => {
  test('what fails to connect never looks like a connection that broke', async () => {
    expect(isBrokenConnection(await failingFetch(systemError('ECONNRESET')))).toBe(false);
  });

  test('a connection that timed out does not look like a slow answer, which the SDKs tell by its words', async () => {
    for (const failure of [
      new errors.ConnectTimeoutError('Connect Timeout Error (timeout: 10000ms)'),
      systemError('ETIMEDOUT'),
    ]) {
      const error = await failingFetch(failure);
      expect(`${String(error)} ${String((error as Error).cause)}`).not.toMatch(/timed? ?out/i);
      expect(toTransportFailure(error)).toMatchObject({ kind: 'backend-unreachable' });
    }
  });

  test('any other failure to connect keeps its code', async () => {
    expect(toTransportFailure(await failingFetch(systemError('ECONNREFUSED')))).toEqual({
      kind: 'backend-unreachable',
      detail: 'no connection (ECONNREFUSED)',
    });
  });
});
