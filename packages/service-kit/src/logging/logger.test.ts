import { expect, test } from 'vitest';
import { createLogger } from './logger.ts';

const record = (options: { pretty?: boolean } = {}) => {
  const lines: string[] = [];
  const logger = createLogger('scheduler', { level: 'info', write: (line) => lines.push(line), ...options });
  return { logger, lines };
};

test('an event is one JSON line with level, time, service and event', () => {
  const { logger, lines } = record();
  logger.info({ event: 'leader.elected', epoch: 4 });
  logger.debug({ event: 'plan.finished' });
  expect(lines).toHaveLength(1);
  expect(lines[0]).toMatch(/^\{.*\}\n$/);
  expect(JSON.parse(lines[0] ?? '')).toEqual({
    level: 'info',
    time: expect.stringMatching(/^\d{4}-\d\d-\d\dT[\d:.]+Z$/) as string,
    service: 'scheduler',
    event: 'leader.elected',
    epoch: 4,
  });
});

test('credentials and what clients send never reach the log, at the top or inside', () => {
  const { logger, lines } = record();
  const hidden = 'swordfish';
  logger.child({ api_key: hidden }).info({
    event: 'attempt.finished',
    authorization: hidden,
    request: { messages: [{ content: hidden }] },
    headers: { Authorization: hidden, 'x-api-key': hidden },
    outcome: { response: { choices: [{ completion: hidden }], body: hidden } },
    webhook: { secret: hidden },
  });
  expect(lines.join('')).not.toContain(hidden);
  expect(lines.join('')).toContain('attempt.finished');
});

test('an error keeps its message, code and causes and loses whatever else an SDK hangs on it', () => {
  const { logger, lines } = record();
  const cause = Object.assign(new Error('connection reset'), { code: 'ECONNRESET' });
  const error = Object.assign(new TypeError('fetch failed', { cause }), {
    deeply: { nested: { sent: { prompt: 'swordfish' } } },
  });
  logger.error({ event: 'attempt.failed', err: error });
  expect(JSON.parse(lines[0] ?? '')).toMatchObject({
    err: {
      type: 'TypeError',
      message: 'fetch failed',
      cause: { message: 'connection reset', code: 'ECONNRESET' },
    },
  });
  expect(lines[0]).not.toContain('swordfish');
});

test('pretty lines are for people', () => {
  const { logger, lines } = record({ pretty: true });
  logger.warn({ event: 'leader.lost', epoch: 4, why: 'lease expired' });
  expect(lines[0]).toMatch(
    /^\d\d:\d\d:\d\d\.\d{3} warn {2}scheduler leader\.lost epoch=4 why=lease expired\n$/,
  );
});
