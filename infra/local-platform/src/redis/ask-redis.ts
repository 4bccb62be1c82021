import { connect } from 'node:net';

const MAX_ANSWER = 65_536;

/**
 * Sends one inline command and gives the answer as it comes on the wire; undefined when nothing answers within
 * `timeoutMs`. For the supervisor alone, which asks PING and INFO and needs no client for that.
 */
export function askRedis(
  port: number,
  command: string,
  timeoutMs: number,
  host = '127.0.0.1',
): Promise<string | undefined> {
  return new Promise((resolve) => {
    const socket = connect(port, host, () => socket.write(`${command}\r\n`));
    let answer = '';
    const end = (text: string | undefined): void => {
      socket.destroy();
      resolve(text);
    };
    socket.setTimeout(timeoutMs, () => end(undefined));
    socket.on('data', (chunk) => {
      answer = (answer + chunk.toString('latin1')).slice(0, MAX_ANSWER);
      if (isWhole(answer)) end(answer);
    });
    socket.on('error', () => end(undefined));
    socket.on('close', () => end(answer === '' ? undefined : answer));
  });
}

/** A status or error is one line; INFO is a bulk string that says its length. */
function isWhole(answer: string): boolean {
  const length = /^\$(\d+)\r\n/.exec(answer);
  return length ? answer.length >= length[0].length + Number(length[1]) : answer.includes('\r\n');
}
