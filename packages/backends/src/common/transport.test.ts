import { Agent, errors } from 'undici';
import { describe, expect, test } from 'vitest';
import { createTransport } from './transport.ts';
import { toTransportFailure } from './transport-failure.ts';

/** fetch through an agent whose every connection fails like this. */
async function failingFetch(failure: Error): Promise<unknown> {
  const dispatcher = new Agent({
    connect: (_options, callback) => {
      callback(failure, null);
    },
  });
  const init = { dispatcher } as unknown as RequestInit;
  return createTransport()
    .fetch('http://127.0.0.1/', init)
    .catch((error: unknown) => error);
}

const systemError = (code: string) => Object.assign(new Error(`connect ${code}`), { code });

describe('createTransport', () => {
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

  test('any other failure to connect passes unchanged', async () => {
    expect(toTransportFailure(await failingFetch(systemError('ECONNREFUSED')))).toEqual({
      kind: 'backend-unreachable',
      detail: 'no connection (ECONNREFUSED)',
    });
  });
});
