import { connect as connectTcp } from 'node:net';
import { connect as connectTls } from 'node:tls';

export interface PingRedis {
  readonly host: string;
  readonly port: number;
  readonly tls: boolean;
  readonly signal: AbortSignal;
}

const LIMIT_MS = 1500;

/** The first answer of a Redis to PING, an error such as NOAUTH included; `undefined` when none comes in 1.5 s. */
export function pingRedis({ host, port, tls, signal }: PingRedis): Promise<string | undefined> {
  return new Promise((resolve) => {
    const socket = tls ? connectTls({ host, port, servername: host }) : connectTcp({ host, port });
    const end = (answer: string | undefined): void => {
      signal.removeEventListener('abort', onAbort);
      socket.destroy();
      resolve(answer);
    };
    const onAbort = (): void => {
      end(undefined);
    };
    signal.addEventListener('abort', onAbort, { once: true });
    socket.setTimeout(LIMIT_MS, onAbort);
    socket.once(tls ? 'secureConnect' : 'connect', () => socket.write('PING\r\n'));
    socket.once('data', (data: Buffer) => {
      const answer = data.toString('latin1');
      end(/^[+-]/.test(answer) ? answer.trim() : undefined);
    });
    socket.once('error', onAbort);
  });
}
