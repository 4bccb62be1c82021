import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { BackendId, TenantId } from '@spillway/core';
import { type RunningEngineSim, startEngineSim } from '@spillway/engine-sim';
import { eventually, openTestCell, type TestCell } from '@spillway/worker-loop/testing';
import { describe, expect, test } from 'vitest';
import { MODEL } from './testing/fixtures.ts';

const gpu = 'gpu-0' as BackendId;
const MAIN = fileURLToPath(new URL('main.ts', import.meta.url));

/** The worker as its own process, with a configuration of one engine. */
async function startWorker(cell: TestCell, sim: RunningEngineSim, backend = 'gpu-0') {
  const folder = await mkdtemp(join(tmpdir(), 'gpu-worker-'));
  const config = join(folder, 'spillway.yaml');
  const settings = {
    kind: 'vllm',
    url: sim.url,
    models: { [MODEL]: 'llama-3.1-8b-sim' },
    max_concurrency: 2,
  };
  // JSON is YAML, too
  await writeFile(
    config,
    JSON.stringify({
      cells: { names: [cell.keys.cell] },
      backends: { [gpu]: { ...settings, electricity_usd_per_kwh: 0.3 } },
    }),
  );
  const child: ChildProcess = spawn(process.execPath, [MAIN], {
    stdio: ['ignore', 'pipe', 'pipe'],
    env: {
      PATH: process.env['PATH'],
      REDIS_URL: cell.url,
      SPILLWAY_CELL: cell.keys.cell,
      SPILLWAY_CONFIG: config,
      BACKEND: backend,
    },
  });
  const printed: string[] = [];
  for (const stream of [child.stdout, child.stderr]) stream?.on('data', (text) => printed.push(String(text)));
  const exited = once(child, 'close') as Promise<[number | null, NodeJS.Signals | null]>;
  return {
    exited,
    printed: () => printed.join(''),
    /** Once the scheduler would give it work. */
    ready: () =>
      eventually(async () => {
        const state = await cell.backend(gpu);
        return state !== undefined && state.descriptor.down === undefined ? state : undefined;
      }, 'the worker to be heard of'),
    stop: () => child.kill('SIGTERM'),
    [Symbol.asyncDispose]: async () => {
      child.kill('SIGKILL');
      await exited;
      await rm(folder, { recursive: true });
    },
  };
}

describe('the worker of an engine, as a process', () => {
  test('runs a job end to end, and on SIGTERM finishes what it runs and exits with 0', async () => {
    await using cell = await openTestCell();
    const sim = await startEngineSim({ speed: 20 });
    await using stack = new AsyncDisposableStack();
    stack.defer(() => sim.close());
    await using worker = await startWorker(cell, sim);
    expect(await worker.ready()).toMatchObject({
      slots: 2,
      descriptor: { location: 'local', models: [MODEL], simulated: true, gpu: { source: 'engine-sim' } },
    });

    const id = await cell.submit({ model: MODEL, prompt: 'A secret of the house.' });
    await cell.dispatch(gpu, id);
    const done = await cell.until(id, 'completed');
    expect(done).toMatchObject({
      result: { statusCode: 200 },
      servedBy: { backend: gpu, location: 'local', model: MODEL, simulated: true },
    });
    expect(done.usage?.outputTokens).toBeGreaterThan(0);
    expect(done.usage?.energyJoules).toBeGreaterThan(0);
    expect(done.usage?.costMicroUsd).toBeGreaterThan(0);

    // what it has learned from that is told, and left to the next worker
    const { descriptor } = await eventually(async () => {
      const state = await cell.backend(gpu);
      return state?.descriptor.profile?.samples === 1 ? state : undefined;
    }, 'the profile to be told');
    expect(descriptor).toMatchObject({ reliability: { succeeded: 1 }, energy: { usdPerKwh: 0.3 } });
    expect(descriptor.telemetryAgeMs).toBeLessThan(5000);
    const store = await cell.workerStore();
    expect((await store.readDescriptor(gpu))?.profileEstimate).toMatchObject({
      knowledge: { profile: { samples: 1 } },
    });

    const rules = [{ kind: 'slow', delay_ms: 700, times: 1 }];
    await fetch(`${sim.url}/_sim/faults`, { method: 'POST', body: JSON.stringify({ rules }) });
    const last = await cell.submit({ model: MODEL });
    await cell.dispatch(gpu, last);
    await cell.until(last, 'running');
    const askedAt = performance.now();
    worker.stop();
    expect(await worker.exited).toEqual([0, null]);
    expect(performance.now() - askedAt).toBeLessThan(12_000);
    expect((await cell.read(last)).state).toBe('completed');
    expect(await cell.backend(gpu)).toMatchObject({ slots: 0, held: 0 });
    expect(worker.printed()).not.toContain('A secret');

    await using next = await startWorker(cell, sim);
    const goesOn = async () => {
      const state = await next.ready();
      return (state.slots === 2 && (state.descriptor.profile?.samples ?? 0) > 0) || undefined;
    };
    await eventually(goesOn, 'the next worker to go on with what this one learned');
  });

  test('lets no tenant find the prompts of another one in the prefix cache of vLLM', async () => {
    await using cell = await openTestCell();
    const sim = await startEngineSim({ speed: 'instant' });
    await using stack = new AsyncDisposableStack();
    stack.defer(() => sim.close());
    await using worker = await startWorker(cell, sim);
    await worker.ready();
    const cachedFor = async (tenant: string) => {
      const lane = {
        jobClass: 'standard',
        modelGroup: MODEL,
        tenantId: tenant as TenantId,
        pinned: false,
      } as const;
      const id = await cell.submit({ model: MODEL, prompt: 'word '.repeat(100), lane });
      await cell.dispatch(gpu, id);
      return (await cell.until(id, 'completed')).usage?.cachedInputTokens;
    };
    expect([await cachedFor('north'), await cachedFor('north')]).toEqual([0, 128]);
    expect(await cachedFor('south')).toBe(0);
  });

  test('that is given the name of no backend says so and exits with 1', async () => {
    await using cell = await openTestCell();
    const sim = await startEngineSim({ speed: 'instant' });
    await using stack = new AsyncDisposableStack();
    stack.defer(() => sim.close());
    await using worker = await startWorker(cell, sim, 'gpu-7');
    expect(await worker.exited).toEqual([1, null]);
    expect(worker.printed()).toContain('spillway.yaml has no local backend \\"gpu-7\\"');
  });

  test('that is given what cannot be a name says which variable is wrong and exits with 1', async () => {
    await using cell = await openTestCell();
    const sim = await startEngineSim({ speed: 'instant' });
    await using stack = new AsyncDisposableStack();
    stack.defer(() => sim.close());
    await using worker = await startWorker(cell, sim, 'Not A Name');
    expect(await worker.exited).toEqual([1, null]);
    expect(worker.printed()).toContain('BACKEND');
  });
});
