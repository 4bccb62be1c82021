import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { startEngineSim, type RunningEngineSim } from '../start-engine-sim.ts';
import { chat, get, post, until, type Answered } from '../testing/http-client.ts';

describe('the faults of the simulated engine', () => {
  let sim: RunningEngineSim;
  beforeAll(async () => {
    sim = await startEngineSim({ speed: 'instant' });
  });
  afterEach(async () => {
    await post(`${sim.url}/_sim/reset`, {});
  });
  afterAll(() => sim.close());

  const order = (...rules: readonly object[]): Promise<Answered> => post(`${sim.url}/_sim/faults`, { rules });
  const ask = (content: string, rest: object = {}): Promise<Answered> =>
    post(`${sim.url}/v1/chat/completions`, chat(content, rest));
  const stats = async (): Promise<unknown> => JSON.parse((await get(`${sim.url}/_sim/stats`)).text);

  test('a rule meets only prompts that match, and only as often as it says', async () => {
    await order({ kind: 'error-500', match: 'poison', times: 2 });
    expect((await ask('harmless')).status).toBe(200);
    expect((await ask('a poison pill')).status).toBe(500);
    expect((await ask('poison')).status).toBe(500);
    expect((await ask('poison')).status).toBe(200);
    expect(await stats()).toMatchObject({ admitted: 2, completed: 2, faults_played: { 'error-500': 2 } });
  });

  test('errors come in the envelope of vLLM', async () => {
    await order({ kind: 'unavailable-503', times: 1 }, { kind: 'error-500', times: 1 });
    const unavailable = await ask('x');
    expect(unavailable.headers.get('x-simulated')).toBe('true');
    expect(JSON.parse(unavailable.text)).toMatchObject({
      error: { type: 'ServiceUnavailableError', code: 503 },
    });
    expect(JSON.parse((await ask('x')).text)).toMatchObject({
      error: { type: 'InternalServerError', code: 500 },
    });
  });

  test('drop cuts the connection before an answer, drop-mid-answer in the middle of one', async () => {
    await order({ kind: 'drop', times: 1 });
    await expect(ask('x')).rejects.toThrow('fetch failed');
    for (const stream of [false, true]) {
      await order({ kind: 'drop-mid-answer', times: 1 });
      const response = await fetch(`${sim.url}/v1/chat/completions`, {
        method: 'POST',
        body: JSON.stringify(chat('x', { stream })),
        signal: AbortSignal.timeout(15_000),
      });
      expect(response.status).toBe(200);
      await expect(response.text()).rejects.toThrow('terminated');
    }
  });

  test('broken-json answers 200 with what no parser takes', async () => {
    await order({ kind: 'broken-json' });
    const whole = await ask('x');
    expect(whole.status).toBe(200);
    expect(() => JSON.parse(whole.text) as unknown).toThrow(SyntaxError);
    const streamed = await ask('x', { stream: true });
    expect(streamed.headers.get('content-type')).toContain('text/event-stream');
    expect(streamed.text).not.toContain('[DONE]');
  });

  test('slow answers late, but rightly', async () => {
    await order({ kind: 'slow', delay_ms: 60 });
    const startedAtMs = performance.now();
    expect((await ask('x')).text).toContain('[simulated]');
    expect(performance.now() - startedAtMs).toBeGreaterThanOrEqual(55);
  });

  test('hang holds the connection until the client leaves, and never enters the engine', async () => {
    await order({ kind: 'hang' });
    const client = new AbortController();
    const hanging = post(`${sim.url}/v1/chat/completions`, chat('x'), client).catch(() => 'left');
    await until(() => sim.stats().digestsSeen.length === 1, 'the request to arrive');
    client.abort();
    expect(await hanging).toBe('left');
    expect(sim.stats()).toMatchObject({ admitted: 0, running: 0 });
  });

  test('unhealthy fails the health check and nothing else', async () => {
    await order({ kind: 'unhealthy', times: 1 });
    expect((await ask('x')).status).toBe(200);
    expect((await get(`${sim.url}/health`)).status).toBe(503);
    expect((await get(`${sim.url}/health`)).status).toBe(200);
  });

  test('new rules replace the old ones, and a reset forgets rules, counters and digests', async () => {
    await order({ kind: 'error-500' });
    await order({ kind: 'unavailable-503' });
    expect((await ask('x')).status).toBe(503);
    await post(`${sim.url}/_sim/reset`, {});
    expect(await stats()).toMatchObject({
      admitted: 0,
      peak_running: 0,
      digests_seen: [],
      faults_played: {},
    });
    expect((await ask('x')).status).toBe(200);
  });

  test('a rule it cannot play is refused', async () => {
    expect((await order({ kind: 'overloaded-529' })).status).toBe(400);
    expect((await order({ kind: 'hang', tmies: 1 })).status).toBe(400);
  });
});
