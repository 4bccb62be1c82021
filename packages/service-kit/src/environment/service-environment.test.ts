import { describe, expect, test } from 'vitest';
import { parseEnvironment } from './parse-environment.ts';
import { serviceEnvironmentSchema } from './service-environment.ts';

const parse = (env: Record<string, string>) =>
  parseEnvironment(serviceEnvironmentSchema, { SPILLWAY_CONFIG: 'spillway.yaml', ...env });

describe('REDIS_URL', () => {
  test.each([
    'redis://127.0.0.1',
    'redis://:secret@cache.example.com:6380/2',
    'rediss://me:secret@[::1]:6380',
    'redis+sentinel://one.example.com:26379,two.example.com/mymaster',
    'rediss+sentinel://me:secret@one.example.com/mymaster/2?sentinel_password=other',
  ])('takes %s', (url) => {
    expect(parse({ REDIS_URL: url }).REDIS_URL).toBe(url);
  });

  test.each([
    'http://127.0.0.1',
    'redis://',
    'redis://:secret@cache.example.com/first',
    'redis+sentinel://one.example.com:26379',
    'redis+sentinel://:secret@/mymaster',
  ])('refuses %s, says which forms there are, and repeats no password', (url) => {
    expect(() => parse({ REDIS_URL: url })).toThrow(/redis:\/\/.*redis\+sentinel:\/\/[\s\S]*REDIS_URL/);
    expect(() => parse({ REDIS_URL: url })).not.toThrow(/secret/);
  });
});

test('REDIS_REPLICAS is a small number, and 0 unless given', () => {
  expect(parse({ REDIS_URL: 'redis://127.0.0.1' }).REDIS_REPLICAS).toBe(0);
  expect(parse({ REDIS_URL: 'redis://127.0.0.1', REDIS_REPLICAS: '2' }).REDIS_REPLICAS).toBe(2);
  for (const REDIS_REPLICAS of ['-1', '1.5', 'all', '17']) {
    expect(() => parse({ REDIS_URL: 'redis://127.0.0.1', REDIS_REPLICAS })).toThrow(/REDIS_REPLICAS/);
  }
});
