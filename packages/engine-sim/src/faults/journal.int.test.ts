import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { simulatedDigest } from '../answers/digest.ts';
import { startEngineSim } from '../start-engine-sim.ts';
import { startProviderSim } from '../start-provider-sim.ts';
import { chat, post, until } from '../testing/http-client.ts';

let folder: string;
let journalPath: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'engine-sim-journal-'));
  journalPath = join(folder, 'journal');
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const lines = (): readonly { readonly event: string; readonly digests: string[]; in_flight: number }[] =>
  readFileSync(journalPath, 'utf8')
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line) as ReturnType<typeof lines>[number]);
const told = (): readonly string[] =>
  lines().map(({ event, digests, in_flight: inFlight }) => [event, ...digests, inFlight].join(' '));

/** Starts the engine as a process and waits until it listens. */
async function start(): Promise<{ readonly child: ChildProcess; readonly url: string }> {
  const file = fileURLToPath(new URL('../main.ts', import.meta.url));
  const child = spawn(process.execPath, [file, '--port', '0', '--journal', journalPath], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const [line] = (await once(child.stdout, 'data')) as [Buffer];
  return { child, url: /http:\S+/u.exec(line.toString())?.[0] ?? '' };
}

test('an answer is noted as it arrives and as it is out, with what else was in flight', async () => {
  await using stack = new AsyncDisposableStack();
  const sim = stack.adopt(await startEngineSim({ speed: 'instant', journalPath }), (open) => open.close());
  await post(`${sim.url}/v1/chat/completions`, chat('one'));
  await post(`${sim.url}/v1/embeddings`, { input: ['two', 'three'] });
  const [one, two, three] = ['one', 'two', 'three'].map(simulatedDigest);
  await until(() => lines().length === 5, 'five lines');
  expect(told()).toEqual([
    'started 0',
    `arrived ${one} 1`,
    `ended ${one} 0`,
    `arrived ${two} ${three} 1`,
    `ended ${two} ${three} 0`,
  ]);
});

test('a request that meets a fault is in flight until its client is gone', async () => {
  await using stack = new AsyncDisposableStack();
  const sim = stack.adopt(await startProviderSim({ journalPath }), (open) => open.close());
  await post(`${sim.url}/_sim/faults`, { rules: [{ kind: 'hang' }] });
  const client = new AbortController();
  const hung = post(`${sim.url}/openai/v1/chat/completions`, chat('stuck'), client).catch(() => undefined);
  await until(() => lines().length === 2, 'the arrival');
  client.abort();
  await hung;
  await until(() => lines().length === 3, 'the end');
  const digest = simulatedDigest('stuck');
  expect(told()).toEqual(['started 0', `arrived ${digest} 1`, `ended ${digest} 0`]);
});

test('kill -9 loses no arrival, and the next start goes on in the same file from nothing in flight', async () => {
  const first = await start();
  const cut = post(`${first.url}/v1/chat/completions`, chat('cut off')).catch(() => undefined);
  await until(() => lines().length === 2, 'the arrival');
  const ended = once(first.child, 'exit');
  first.child.kill('SIGKILL');
  await Promise.all([ended, cut]);
  const second = await start();
  second.child.kill('SIGKILL');
  expect(told()).toEqual(['started 0', `arrived ${simulatedDigest('cut off')} 1`, 'started 0']);
});
