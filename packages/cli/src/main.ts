#!/usr/bin/env node
import { fileURLToPath } from 'node:url';
import { runCli } from './run-cli.ts';

const stop = new AbortController();
let signals = 0;
for (const name of ['SIGINT', 'SIGTERM'] as const) {
  process.on(name, () => {
    signals += 1;
    // the second one means: at once
    if (signals > 1) process.exit(130);
    stop.abort(new Error('interrupted'));
  });
}
// "spillway list | head" closes the pipe early: that is the reader's right
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code !== 'EPIPE') throw error;
  process.exit(0);
});

process.exitCode = await runCli(process.argv.slice(2), {
  env: process.env,
  cwd: process.cwd(),
  uid: process.getuid?.(),
  checkout: fileURLToPath(new URL('../../..', import.meta.url)),
  stdin: process.stdin,
  stdout: process.stdout,
  stderr: process.stderr,
  signal: stop.signal,
  nowMs: Date.now,
});
// a pipe that was being read when the command was interrupted would keep the process alive
process.stdin.destroy();
