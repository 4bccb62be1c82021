import { createLocalBackend } from '@spillway/backends';
import { err } from '@spillway/core';
import { type RunningEngineSim, startEngineSim } from '@spillway/engine-sim';
import { createEnergyMeter, type NvidiaSmiReader } from '@spillway/gpu';
import { createLogger } from '@spillway/service-kit';
import { describe, expect, test } from 'vitest';
import { createEngineMonitor } from './engine-monitor.ts';
import { aConfig } from './testing/fixtures.ts';

const going = new AbortController().signal;
const NO_GPU: NvidiaSmiReader = { read: async () => err({ kind: 'not-found', detail: 'none here' }) };

/** A monitor in front of a simulated engine, by a clock that the test turns. */
async function watch(options: Parameters<typeof startEngineSim>[0] = {}) {
  const sim: RunningEngineSim = await startEngineSim({ speed: 'instant', ...options });
  const clock = { nowMs: 1000 };
  const lines: string[] = [];
  const config = aConfig({ url: sim.url });
  const backend = createLocalBackend(config, { nowMs: () => clock.nowMs });
  const monitor = createEngineMonitor({
    config: () => config,
    backend: () => backend,
    gpus: NO_GPU,
    energy: createEnergyMeter(),
    nowMs: () => clock.nowMs,
    logger: createLogger('test', { level: 'info', write: (line) => lines.push(line) }),
  });
  return {
    sim,
    /** Looks at that instant. */
    lookAt: async (atMs: number) => {
      clock.nowMs = atMs;
      await monitor.look(going);
      return monitor.state();
    },
    play: async (...rules: readonly object[]) => {
      const response = await fetch(`${sim.url}/_sim/faults`, {
        method: 'POST',
        body: JSON.stringify({ rules }),
      });
      expect(response.status).toBe(200);
    },
    /** Begins a request that goes on until the client leaves. */
    ask: () => {
      const client = new AbortController();
      const body = JSON.stringify({ messages: [{ role: 'user', content: 'hello' }], max_tokens: 64 });
      const answer = fetch(`${sim.url}/v1/chat/completions`, { method: 'POST', body, signal: client.signal });
      return { left: answer.catch(() => undefined), leave: () => client.abort() };
    },
    log: () => lines.join(''),
    [Symbol.asyncDispose]: () => sim.close(),
  };
}

describe('an engine that is looked at', () => {
  test('is up, simulated, and tells its load and its card', async () => {
    await using engine = await watch();
    const state = await engine.lookAt(1000);
    expect(state).toMatchObject({
      down: undefined,
      simulated: true,
      models: ['llama-3.1-8b-sim'],
      sample: { metrics: { running: 0 } },
    });
    expect(state.sample?.metrics?.simulatedGpu?.powerWatts).toBeGreaterThan(0);
    expect(engine.log()).toContain('"engine.up"');
  });

  test('whose /health fails is down at the second time, and up again when it is well', async () => {
    await using engine = await watch();
    await engine.lookAt(1000);
    await engine.play({ kind: 'unhealthy', times: 2 });
    expect((await engine.lookAt(2000)).down).toBeUndefined();
    expect((await engine.lookAt(3000)).down).toEqual({ sinceMs: 3000, because: '/health says 503' });
    expect((await engine.lookAt(4000)).down).toBeUndefined();
    expect(engine.log().match(/engine\.(?:up|down)/g)).toEqual(['engine.up', 'engine.down', 'engine.up']);
  });

  test('that is gone is down, and a look at it ends', async () => {
    await using engine = await watch();
    await engine.lookAt(1000);
    await engine.sim.close();
    await engine.lookAt(2000);
    expect((await engine.lookAt(3000)).down).toMatchObject({ sinceMs: 3000 });
  });

  test('that hangs on one request and goes on answering is up: the attempt’s own clock ends that', async () => {
    await using engine = await watch();
    await engine.play({ kind: 'hang', times: 1 });
    const hanging = engine.ask();
    await expect.poll(() => engine.sim.stats().digestsSeen.length).toBe(1);
    expect((await engine.lookAt(1000)).down).toBeUndefined();
    expect((await engine.lookAt(60_000)).down).toBeUndefined();
    hanging.leave();
    await hanging.left;
  });

  test('that answers, has work and writes no token for half a minute is down since its last one', async () => {
    await using engine = await watch({ speed: 1e-9 });
    const stuck = engine.ask();
    await expect.poll(() => engine.sim.stats().running).toBe(1);
    expect((await engine.lookAt(1000)).down).toBeUndefined();
    expect((await engine.lookAt(30_999)).down).toBeUndefined();
    expect((await engine.lookAt(31_000)).down).toEqual({
      sinceMs: 1000,
      because: 'the engine answers but makes no progress',
    });
    stuck.leave();
    await stuck.left;
    await expect.poll(() => engine.sim.stats().running).toBe(0);
    expect((await engine.lookAt(32_000)).down).toBeUndefined();
  });
});
