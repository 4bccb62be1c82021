import { randomUUID } from 'node:crypto';
import { configSchema } from '@spillway/contracts';
import { type BackendId, idFromUuid } from '@spillway/core';
import { createMetrics } from '@spillway/service-kit';
import { describe, expect, test } from 'vitest';
import { eventually } from '@spillway/worker-loop/testing';
import { createCloudLoops } from './cloud-loops.ts';
import { createLatencyMetrics } from './latency-metrics.ts';
import {
  anthropic,
  type Cloud,
  KEY,
  MODEL,
  openai,
  openCloud,
  openRunningCloud,
} from './testing/open-cloud.ts';

const NONE = configSchema.parse({});

/** The loops that began and ended so far, as `backend mode`. */
const modesOf = ({ cell }: Cloud): readonly string[] =>
  cell
    .log()
    .split('\n')
    .filter((line) => line.includes('"worker.mode"'))
    .map((line) => JSON.parse(line) as Record<string, unknown>)
    .map(({ backend, mode }) => `${String(backend)} ${String(mode)}`);

const submitTo = async ({ cell }: Cloud, backend: BackendId) => {
  const id = await cell.submit({ model: MODEL });
  await cell.dispatch(backend, id);
  return id;
};

describe('following the configuration', () => {
  test('a backend that is added is served, one that is taken away is drained, the others are not touched', async () => {
    await using cloud = await openRunningCloud();
    const second = 'openai-1' as BackendId;
    const added = {
      kind: 'openai',
      url: cloud.sim.openaiBaseUrl,
      api_key: KEY,
      models: { [MODEL]: 'gpt-4o' },
    };
    const { [openai]: first, ...rest } = cloud.config({ [second]: added }).backends;
    expect(first).toBeDefined();
    await cloud.loops.follow(configSchema.parse({ backends: rest }));
    await cloud.up(second);
    await cloud.cell.until(await submitTo(cloud, second), 'completed');
    expect(modesOf(cloud).toSorted()).toEqual([
      `${anthropic} leasing`,
      `${openai} draining`,
      `${openai} leasing`,
      `${openai} stopped`,
      `${second} leasing`,
    ]);
  });

  test('a backend that changes is drained before its successor starts, with the new settings', async () => {
    await using cloud = await openRunningCloud();
    const changed = {
      kind: 'openai',
      url: cloud.sim.openaiBaseUrl,
      api_key: KEY,
      max_concurrency: 9,
      models: { [MODEL]: 'gpt-4o' },
    };
    await cloud.loops.follow(cloud.config({ [openai]: changed }));
    await eventually(async () => (await cloud.up(openai)).slots === 9 || undefined, 'the new settings');
    const modes = (): readonly string[] => modesOf(cloud).filter((mode) => mode.startsWith(openai));
    // Its heartbeat tells the settings a moment before it leases.
    await eventually(async () => modes().length === 4 || undefined, 'the successor leases');
    expect(modes()).toEqual(['leasing', 'draining', 'stopped', 'leasing'].map((mode) => `${openai} ${mode}`));
    expect(modesOf(cloud)).not.toContain(`${anthropic} draining`);
  });

  test('the same configuration again changes nothing', async () => {
    await using cloud = await openRunningCloud();
    const before = modesOf(cloud);
    await cloud.loops.follow(cloud.config());
    expect(modesOf(cloud)).toEqual(before);
  });

  test('changes that come faster than drains are applied one after the other, the last one stays', async () => {
    await using cloud = await openRunningCloud();
    await Promise.all([
      cloud.loops.follow(NONE),
      cloud.loops.follow(cloud.config()),
      cloud.loops.follow(NONE),
    ]);
    const modes = modesOf(cloud).filter((mode) => mode.startsWith(openai));
    expect(modes.at(-1)).toBe(`${openai} stopped`);
    expect(cloud.loops.leasing()).toBe(true);
  });

  test('a drain ends every loop, and a configuration that comes after it starts none', async () => {
    await using cloud = await openRunningCloud();
    const { loops } = cloud;
    const drained = loops.drain();
    await loops.follow(cloud.config({ [openai]: { ...cloud.config().backends[anthropic] } }));
    await drained;
    await loops.follow(cloud.config());
    expect(modesOf(cloud).filter((mode) => mode.endsWith('leasing'))).toHaveLength(2);
    expect(modesOf(cloud).filter((mode) => mode.endsWith('stopped'))).toHaveLength(2);
  });

  test('a start that fails is told, and the next configuration is applied all the same', async () => {
    await using cloud = await openCloud();
    const { cell } = cloud;
    const store = await cell.workerStore();
    let failures = 1;
    const fragile = createCloudLoops({
      newWorkerId: () => idFromUuid('WorkerId', randomUUID()),
      store: {
        ...store,
        onCancel: (listener) => {
          failures -= 1;
          if (failures >= 0) return Promise.reject(new Error('Connection is closed.'));
          return store.onCancel(listener);
        },
      },
      logger: cell.logger,
      metrics: cell.metrics,
      latency: createLatencyMetrics(createMetrics('test')),
      drainMs: 100,
    });
    await expect(fragile.follow(cloud.config())).rejects.toThrow('Connection is closed.');
    await fragile.follow(cloud.config());
    await eventually(() => fragile.leasing() || undefined, 'both loops to lease');
    expect(modesOf(cloud).toSorted()).toEqual([`${anthropic} leasing`, `${openai} leasing`]);
    await fragile.drain();
  });
});
