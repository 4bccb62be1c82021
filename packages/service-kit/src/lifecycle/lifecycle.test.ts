import { EventEmitter } from 'node:events';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { createLogger } from '../logging/logger.ts';
import { endWithParent } from './end-with-parent.ts';
import { boundShutdown } from './bound-shutdown.ts';
import { failFast } from './fail-fast.ts';
import { listenForShutdown } from './listen-for-shutdown.ts';

const lines: string[] = [];
const logger = createLogger('test', { level: 'info', write: (line) => lines.push(line) });
beforeEach(() => {
  lines.length = 0;
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

const leashed = () => {
  const stdin = Object.assign(new EventEmitter(), { resume: vi.fn<() => void>() });
  return {
    pid: 42,
    stdin,
    kill: vi.fn<(pid: number, signal: string) => void>(),
    exit: vi.fn<(code: number) => void>(),
  };
};

describe('listenForShutdown', () => {
  test('the first signal aborts; the same signal again, or the other one, changes nothing', () => {
    const source = new EventEmitter();
    const signal = listenForShutdown(source, logger);
    expect(signal.aborted).toBe(false);
    for (const name of ['SIGINT', 'SIGINT', 'SIGTERM']) expect(source.emit(name)).toBe(true);
    expect(signal.aborted).toBe(true);
    expect(signal.reason).toBe('SIGINT');
    expect(lines).toHaveLength(1);
  });
});

describe('boundShutdown', () => {
  test('ends a process whose shutdown takes too long, and only then', () => {
    const ending = { exit: vi.fn<(code: number) => void>() };
    const shutdown = new AbortController();
    boundShutdown(shutdown.signal, ending, logger);
    vi.advanceTimersByTime(60_000);
    expect(ending.exit).not.toHaveBeenCalled();
    shutdown.abort();
    vi.advanceTimersByTime(12_999);
    expect(ending.exit).not.toHaveBeenCalled();
    vi.advanceTimersByTime(1);
    expect(ending.exit).toHaveBeenCalledExactlyOnceWith(1);
    expect(JSON.parse(lines.at(-1) ?? '')).toMatchObject({ event: 'shutdown.overdue' });
  });
});

describe('failFast', () => {
  test.each(['uncaughtException', 'unhandledRejection'])(
    '%s is logged as fatal and ends with code 1',
    (kind) => {
      const failing = Object.assign(new EventEmitter(), { exit: vi.fn<(code: number) => void>() });
      failFast(failing, logger);
      failing.emit(kind, new Error('a bug'));
      expect(failing.exit).toHaveBeenCalledExactlyOnceWith(1);
      expect(JSON.parse(lines[0] ?? '')).toMatchObject({ level: 'fatal', event: 'process.failed', kind });
    },
  );

  test('a log that cannot be written does not keep the process alive', () => {
    const failing = Object.assign(new EventEmitter(), { exit: vi.fn<(code: number) => void>() });
    const broken = createLogger('test', {
      level: 'info',
      write: () => {
        throw new Error('disk full');
      },
    });
    failFast(failing, broken);
    expect(() => failing.emit('uncaughtException', new Error('a bug'))).toThrow('disk full');
    expect(failing.exit).toHaveBeenCalledExactlyOnceWith(1);
  });
});

describe('endWithParent', () => {
  test('a closed input drains as SIGTERM would, once, and 12 seconds later ends the process', () => {
    const process = leashed();
    endWithParent(process, logger, 'stdin');
    expect(process.stdin.resume).toHaveBeenCalled();
    process.stdin.emit('end');
    process.stdin.emit('close');
    expect(process.kill).toHaveBeenCalledExactlyOnceWith(42, 'SIGTERM');
    expect(process.exit).not.toHaveBeenCalled();
    vi.advanceTimersByTime(12_000);
    expect(process.exit).toHaveBeenCalledExactlyOnceWith(1);
  });

  test('without a leash the input is left alone', () => {
    const process = leashed();
    endWithParent(process, logger, 'none');
    expect(process.stdin.resume).not.toHaveBeenCalled();
    expect(process.stdin.listenerCount('end')).toBe(0);
  });
});
