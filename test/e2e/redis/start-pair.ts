import { vi } from 'vitest';
import { startSentinel, startServer, type TestServer } from './start-server.ts';

/** A master and its replica, in step. */
export interface TestPair extends AsyncDisposable {
  readonly master: TestServer;
  readonly replica: TestServer;
}

export async function startPair(): Promise<TestPair> {
  await using stack = new AsyncDisposableStack();
  const master = stack.use(await startServer({ settings: { 'repl-diskless-sync-delay': 0 } }));
  const replica = stack.use(
    await startServer({ settings: { replicaof: `127.0.0.1 ${master.port}`, 'repl-diskless-sync-delay': 0 } }),
  );
  await vi.waitUntil(async () => (await master.admin.wait(1, 100)) === 1, { timeout: 20_000 });
  const open = stack.move();
  return { master, replica, [Symbol.asyncDispose]: () => open.disposeAsync() };
}

const MASTER_NAME = 'mymaster';

/** The pair, and a sentinel that moves to the replica 1.5 s after the master fell silent. */
export async function startWatchedPair(): Promise<
  TestPair & { readonly sentinel: TestServer; readonly url: string }
> {
  await using stack = new AsyncDisposableStack();
  const pair = stack.use(await startPair());
  const sentinel = stack.use(await startSentinel(MASTER_NAME, pair.master.port));
  const knowsReplica = async (): Promise<boolean> =>
    ((await sentinel.admin.call('SENTINEL', 'REPLICAS', MASTER_NAME)) as unknown[]).length === 1;
  await vi.waitUntil(knowsReplica, { timeout: 20_000, interval: 200 });
  const open = stack.move();
  return {
    ...pair,
    sentinel,
    url: `redis+sentinel://127.0.0.1:${sentinel.port}/${MASTER_NAME}`,
    [Symbol.asyncDispose]: () => open.disposeAsync(),
  };
}
