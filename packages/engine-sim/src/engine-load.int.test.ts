import { afterEach, describe, expect, test } from 'vitest';
import { simulatedDigest } from './answers/digest.ts';
import { startEngineSim, type EngineSimOptions, type RunningEngineSim } from './start-engine-sim.ts';
import { chat, get, post, until } from './testing/http-client.ts';

describe('the simulated engine under load', () => {
  const opened: RunningEngineSim[] = [];
  afterEach(async () => {
    await Promise.all(opened.splice(0).map((sim) => sim.close()));
  });

  async function open(options: EngineSimOptions): Promise<RunningEngineSim> {
    const sim = await startEngineSim(options);
    opened.push(sim);
    return sim;
  }

  test.each([{ speed: 500 }, { speed: 'instant' as const }])(
    'never runs more than maxNumSeqs of 200 requests at once and gives each its own answer ($speed)',
    async ({ speed }) => {
      const sim = await open({ speed, maxNumSeqs: 7 });
      const prompts = Array.from({ length: 200 }, (_, index) => `document ${index}`);
      const answers = await Promise.all(
        prompts.map((prompt) => post(`${sim.url}/v1/chat/completions`, chat(prompt))),
      );
      for (const [index, answered] of answers.entries()) {
        expect(answered.text).toContain(simulatedDigest(`document ${index}`));
      }
      const { peakRunning, digestsSeen, ...stats } = sim.stats();
      expect(stats).toMatchObject({ admitted: 200, completed: 200, running: 0, waiting: 0 });
      // without latency the engine is never behind its clients, so it may not even fill up
      expect(peakRunning).toBeGreaterThanOrEqual(speed === 'instant' ? 1 : 7);
      expect(peakRunning).toBeLessThanOrEqual(7);
      expect(digestsSeen.toSorted()).toEqual(prompts.map(simulatedDigest).toSorted());
    },
  );

  test('503 above the cap on waiting and running, and the engine goes on', async () => {
    const sim = await open({ speed: 1, maxNumSeqs: 2, maxQueuedRequests: 5 });
    const client = new AbortController();
    const held = Array.from({ length: 5 }, (_, index) =>
      post(`${sim.url}/v1/chat/completions`, chat(`held ${index}`), client).catch(() => undefined),
    );
    await until(() => sim.stats().admitted === 5, 'five requests in the engine');
    const refused = await post(`${sim.url}/v1/chat/completions`, chat('one too many'));
    expect(refused.status).toBe(503);
    expect(JSON.parse(refused.text)).toMatchObject({ error: { code: 503 } });
    client.abort();
    await Promise.all(held);
    await until(() => sim.stats().aborted === 5, 'the aborts to arrive');
    expect(sim.stats()).toMatchObject({ admitted: 5, running: 0, waiting: 0 });
  });

  test.each([{ stream: false }, { stream: true }])(
    'a client that hangs up frees its slot and KV for the next (stream: $stream)',
    async ({ stream }) => {
      const sim = await open({ speed: 1, maxNumSeqs: 1 });
      const client = new AbortController();
      const url = `${sim.url}/v1/chat/completions`;
      const first = post(url, chat('first', { stream }), client).catch(() => 'hung up');
      await until(() => sim.stats().running === 1, 'the first to run');
      const second = post(url, chat('second', { max_tokens: 1 }));
      await until(() => sim.stats().waiting === 1, 'the second to wait');
      client.abort();
      expect(await first).toBe('hung up');
      expect((await second).text).toContain(simulatedDigest('second'));
      expect(sim.stats()).toMatchObject({ aborted: 1, completed: 1, running: 0, waiting: 0, peakRunning: 1 });
      expect((await get(`${sim.url}/metrics`)).text).toMatch(/vllm:kv_cache_usage_perc\{[^}]*\} 0\n/u);
    },
  );

  test('while it works the card draws power and the gauges say how many run', async () => {
    const sim = await open({ speed: 1, maxNumSeqs: 1, powerLimitPercent: 55 });
    const client = new AbortController();
    const held = post(`${sim.url}/v1/chat/completions`, chat('held'), client).catch(() => undefined);
    await until(() => sim.stats().running === 1, 'the request to run');
    const { text } = await get(`${sim.url}/metrics`);
    expect(text).toMatch(/vllm:num_requests_running\{[^}]*\} 1\n/u);
    expect(text).toMatch(/engine_sim_power_watts\{[^}]*\} 240\n/u);
    expect(text).toMatch(/engine_sim_utilization_percent\{[^}]*\} 100\n/u);
    client.abort();
    await held;
  });

  test('closing cuts what is under way and can be done twice', async () => {
    const sim = await open({ speed: 1 });
    const cut = post(`${sim.url}/v1/chat/completions`, chat('long')).catch(() => 'cut');
    await until(() => sim.stats().running === 1, 'the request to run');
    await Promise.all([sim.close(), sim.close()]);
    expect(await cut).toBe('cut');
    expect(sim.stats()).toMatchObject({ running: 0, aborted: 1 });
  });
});
