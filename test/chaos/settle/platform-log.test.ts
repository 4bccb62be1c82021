import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { fault } from '../checks/facts.fixtures.ts';
import { findCrashes, startedProcesses, stillRunning } from './platform-log.ts';

let logs: string;
beforeEach(() => {
  logs = mkdtempSync(join(tmpdir(), 'chaos-logs-'));
  write('scheduler.log', { level: 'warn', event: 'redis.failed' });
});
afterEach(() => rmSync(logs, { recursive: true, force: true }));

const write = (file: string, ...lines: readonly object[]): void =>
  writeFileSync(join(logs, file), lines.map((line) => `${JSON.stringify(line)}\n`).join(''));
const exited = (pid: number): object => ({ event: 'child.exited', name: 'scheduler', pid, code: 1 });
const started = (pid: number): object => ({ event: 'child.started', name: 'scheduler', pid });
const killed = fault({ trouble: { kind: 'kill' }, pid: 7 });
const stopped = fault({ trouble: { kind: 'stop' }, pid: 8 });

test('the end of a process that a fault killed is no crash', () => {
  write('platform.log', exited(7));
  expect(findCrashes(logs, [killed, stopped])).toEqual([]);
});

test('the end of one that was only stopped, or left alone, is', () => {
  write('platform.log', exited(8), exited(9));
  expect(findCrashes(logs, [killed, stopped])).toHaveLength(2);
});

test('a failure in any log is a crash, whoever ended the process', () => {
  write('platform.log', exited(7));
  write('gpu-worker.log', { level: 'fatal', event: 'process.failed', kind: 'unhandledRejection' });
  expect(findCrashes(logs, [killed])).toEqual([expect.stringContaining('gpu-worker.log')]);
});

test('of the processes that were started, those that exist are told', () => {
  write('platform.log', started(process.pid), started(2 ** 22 + 1));
  expect(stillRunning(startedProcesses(logs))).toEqual([`scheduler (${process.pid})`]);
});
