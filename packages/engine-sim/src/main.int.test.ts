import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { get } from './testing/http-client.ts';

const start = (file: string, args: readonly string[]): ChildProcess =>
  spawn(process.execPath, [fileURLToPath(new URL(file, import.meta.url)), ...args], {
    stdio: ['ignore', 'pipe', 'pipe'],
  });

async function read(stream: ChildProcess['stdout']): Promise<string> {
  let text = '';
  for await (const chunk of stream ?? []) text += String(chunk);
  return text;
}

describe('the simulators as processes', () => {
  test.each([
    {
      file: './main.ts',
      signal: 'SIGTERM' as const,
      args: ['--port', '0', '--model', 'house-model', '--speed', 'instant', '--no-json-schema'],
      line: /^engine-sim listening on (http:\/\/127\.0\.0\.1:\d+) \(SIMULATED engine, model house-model\)\n$/u,
    },
    {
      file: './provider-main.ts',
      signal: 'SIGINT' as const,
      args: ['--speed', '10'],
      line: /^provider-sim listening on (http:\/\/127\.0\.0\.1:\d+) \(SIMULATED providers, .*\)\n$/u,
    },
  ])(
    '$file says where it listens on one line and leaves within a second of $signal',
    async ({ file, signal, args, line }) => {
      const child = start(file, args);
      try {
        const exit = once(child, 'exit');
        const [first] = (await once(child.stdout ?? child, 'data')) as [Buffer];
        const [, url] = line.exec(first.toString()) ?? [];
        expect(first.toString()).toMatch(line);
        // an open keep-alive connection does not hold it back
        expect((await get(`${url}/health`)).status).toBe(200);
        const stoppedAtMs = performance.now();
        child.kill(signal);
        expect(await exit).toEqual([0, null]);
        expect(performance.now() - stoppedAtMs).toBeLessThan(1_000);
      } finally {
        child.kill('SIGKILL');
      }
    },
  );

  test('--help explains the flags; every mistake is reported, with exit code 2', async () => {
    const help = start('./main.ts', ['--help']);
    expect(await read(help.stdout)).toContain('--max-num-seqs');

    const wrong = start('./main.ts', ['--speed', '0', '--port', 'http', '--schema-mistakes', '2']);
    const exit = once(wrong, 'exit');
    const mistakes = await read(wrong.stderr);
    expect(await exit).toEqual([2, null]);
    expect(mistakes).toContain('--speed must be');
    expect(mistakes).toContain('--port must be');
    expect(mistakes).toContain('--schema-mistakes must be');
  });
});
