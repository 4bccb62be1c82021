import type { BackendId } from '@spillway/core';
import { describe, expect, test } from 'vitest';
import { z } from 'zod';
import { backendsOfCell, configOfCell, requireCell, requireOwnBackend } from './cell-config.ts';
import { type Config, configSchema } from './config.ts';

const gpu = (cell: string | undefined, model: string) => ({
  kind: 'vllm',
  url: 'http://127.0.0.1:8000',
  models: { [model]: model },
  ...(cell !== undefined && { cell }),
});
const CLOUD = { kind: 'openai', api_key: 'key', models: { gpt: 'gpt' } };
const refusal = (given: object): string => {
  const parsed = configSchema.safeParse(given);
  return parsed.success ? 'accepted' : z.prettifyError(parsed.error);
};

const two: Config = configSchema.parse({
  cells: { count: 2 },
  backends: { left: gpu('0', 'a'), right: gpu('1', 'b'), cloud: CLOUD },
  models: { auto: { strategy: 'auto' }, mixed: { any_of: ['b', 'gpt', 'a'] }, alone: { any_of: ['b'] } },
});

const check = (id: string, cell: string) => () => requireOwnBackend(two, id as BackendId, cell);

describe('a cell', () => {
  test('has its own backends and those of every cell', () => {
    expect(Object.keys(backendsOfCell(two, '0'))).toEqual(['left', 'cloud']);
    expect(Object.keys(backendsOfCell(two, '1'))).toEqual(['right', 'cloud']);
  });

  test('has no model that only others serve', () => {
    expect(configOfCell(two, '0').models).toEqual({
      auto: { strategy: 'auto' },
      mixed: { any_of: ['gpt', 'a'] },
    });
    expect(configOfCell(two, '1').models).toEqual({
      auto: { strategy: 'auto' },
      mixed: { any_of: ['b', 'gpt'] },
      alone: { any_of: ['b'] },
    });
  });

  test('that is the only one has the configuration as it is', () => {
    const one = configSchema.parse({ backends: { left: gpu(undefined, 'a') } });
    expect(configOfCell(one, '0')).toBe(one);
  });

  test('that there is not is refused with the names of those there are', () => {
    expect(requireCell(two.cells, '1')).toBe('1');
    expect(() => requireCell(two.cells, '2')).toThrow('no cell "2"; its cells are: 0, 1');
  });
});

test('a process is refused the backend of another cell, by name', () => {
  expect(check('right', '0')).toThrow('backend "right" belongs to cell "1"; this process works for cell "0"');
  for (const [id, cell] of [
    ['right', '1'],
    ['cloud', '0'],
    ['unknown', '0'],
  ] as const)
    check(id, cell)();
});

describe('mistakes', () => {
  test('a local backend that could belong to several cells', () => {
    const given = { cells: { names: ['eu', 'us'] }, backends: { left: gpu(undefined, 'a') } };
    expect(refusal(given)).toContain('say which cell drives it: eu, us\n  → at backends.left.cell');
  });

  test('names that lead to no cell, all of them at once', () => {
    const told = refusal({
      cells: { count: 2, pins: { acme: '2' }, redis_urls: { eu: 'redis://127.0.0.1' } },
      backends: { left: gpu('us', 'a') },
    });
    expect(told).toContain('there is no cell "2"; the cells are: 0, 1\n  → at cells.pins.acme');
    expect(told).toContain('there is no cell "eu"; the cells are: 0, 1\n  → at cells.redis_urls.eu');
    expect(told).toContain('there is no cell "us"; the cells are: 0, 1\n  → at backends.left.cell');
  });

  test('a count beside names, a name twice, a name that would leave its hash tag', () => {
    expect(refusal({ cells: { count: 2, names: ['a', 'b'] } })).toContain('a count or names, not both');
    expect(refusal({ cells: { names: ['a', 'a'] } })).toContain('twice');
    expect(refusal({ cells: { names: ['a}'] } })).toContain('use 1 to 63');
  });

  test('a quality of a model that nobody serves', () => {
    const given = { backends: { left: gpu(undefined, 'a') }, routing: { quality: { a: 0.5, b: 0.5 } } };
    expect(refusal(given)).toBe('✖ no backend serves "b"; served are: a\n  → at routing.quality.b');
  });

  test('numbers of the scheduler that contradict each other or their names', () => {
    const told = refusal({
      routing: {
        overflow: { depth: { enter: 3, leave: 3 } },
        affinity: { block_tokens: 100 },
        strategies: { fast: { weights: { time: 0.7 } }, self_hosted_only: { cloud: 'open' }, mine: {} },
      },
    });
    expect(told).toContain('must be below enter\n  → at routing.overflow.depth.leave');
    expect(told).toContain('must be a multiple of 16');
    expect(told).toContain('they add up to 0.7\n  → at routing.strategies.fast.weights');
    expect(told).toContain(
      'must stay never: its name says so\n  → at routing.strategies.self_hosted_only.cloud',
    );
    expect(told).toContain('Unrecognized key: "mine"');
  });
});
