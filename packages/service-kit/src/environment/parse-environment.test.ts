import { expect, test } from 'vitest';
import { z } from 'zod';
import { parseEnvironment } from './parse-environment.ts';
import { serviceEnvironmentSchema } from './service-environment.ts';

test('every mistake is reported in one error', () => {
  const env = { LOG_LEVEL: 'loud', OPS_PORT: '70000', REDIS_URL: 'http://127.0.0.1' };
  expect(() => parseEnvironment(serviceEnvironmentSchema, env)).toThrow(
    /REDIS_URL[\s\S]*SPILLWAY_CONFIG[\s\S]*LOG_LEVEL[\s\S]*OPS_PORT/,
  );
});

test('a variable that is set to nothing takes its default, and the answer is frozen', () => {
  const parsed = parseEnvironment(z.object({ PORT: z.coerce.number().default(8787) }), { PORT: '' });
  expect(parsed).toEqual({ PORT: 8787 });
  expect(Object.isFrozen(parsed)).toBe(true);
});
