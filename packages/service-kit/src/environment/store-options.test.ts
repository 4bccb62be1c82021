import { configSchema } from '@spillway/contracts';
import { expect, test } from 'vitest';
import { createLogger } from '../logging/logger.ts';
import { parseEnvironment } from './parse-environment.ts';
import { serviceEnvironmentSchema } from './service-environment.ts';
import { storeOptions } from './store-options.ts';

function openOptions(cells: object = { names: ['a', 'b'] }) {
  const lines: Record<string, unknown>[] = [];
  const logger = createLogger('test', {
    level: 'info',
    write: (line) => void lines.push(JSON.parse(line) as Record<string, unknown>),
  });
  const environment = parseEnvironment(serviceEnvironmentSchema, {
    REDIS_URL: 'redis://127.0.0.1',
    REDIS_REPLICAS: '1',
    SPILLWAY_CONFIG: 'spillway.yaml',
  });
  const { cells: known } = configSchema.parse({ cells });
  return { lines, options: storeOptions({ environment, logger }, known, 'a') };
}

test('the store is where the environment says', () => {
  expect(openOptions().options).toMatchObject({ url: 'redis://127.0.0.1', cell: 'a', replicas: 1 });
});

test("a cell's own Redis goes before that of all cells", () => {
  const cells = { names: ['a', 'b'], redis_urls: { a: 'redis://127.0.0.2' } };
  expect(openOptions(cells).options.url).toBe('redis://127.0.0.2');
  expect(openOptions({ ...cells, redis_urls: { b: 'redis://127.0.0.2' } }).options.url).toBe(
    'redis://127.0.0.1',
  );
});

test('a lost connection is one line, not one a second', () => {
  const { lines, options } = openOptions();
  for (let lost = 0; lost < 5; lost += 1) options.onError(new Error('connect ECONNREFUSED'));
  expect(lines).toMatchObject([
    { level: 'warn', event: 'redis.failed', error: { message: 'connect ECONNREFUSED' }, suppressed: 0 },
  ]);
});

test('a store that might forget is a warning that says what to set', () => {
  const { lines, options } = openOptions();
  options.onNotDurable(['set appendonly to yes']);
  expect(lines).toMatchObject([
    { level: 'warn', event: 'store.not_durable', advice: ['set appendonly to yes'] },
  ]);
});
