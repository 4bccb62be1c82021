import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { isJsonObject } from '@spillway/core';
import type { FaultRecord } from '../faults/fault.ts';

/** Ends of processes that nobody asked for, and whatever a process said as it failed, from the logs of one platform. */
export function findCrashes(logsDir: string, faults: readonly FaultRecord[]): readonly string[] {
  const ended = new Set(
    faults
      .filter(({ trouble }) => trouble.kind === 'kill' || trouble.kind === 'terminate')
      .map(({ pid }) => pid),
  );
  const unasked = platformEvents(logsDir)
    .filter(({ event, pid }) => event === 'child.exited' && !ended.has(Number(pid)))
    .map(
      (line) => `${String(line['name'])} (${String(line['pid'])}) ended by itself: ${JSON.stringify(line)}`,
    );
  return [...unasked, ...failures(logsDir)];
}

/** Every process that the platform ever started: its id and its name. */
export const startedProcesses = (logsDir: string): ReadonlyMap<number, string> =>
  new Map(
    platformEvents(logsDir)
      .filter(({ event }) => event === 'child.started')
      .map(({ pid, name }) => [Number(pid), String(name)]),
  );

/** Those of them that exist now. */
export const stillRunning = (processes: ReadonlyMap<number, string>): readonly string[] =>
  [...processes].filter(([pid]) => exists(pid)).map(([pid, name]) => `${name} (${pid})`);

const SIGNS = ['process.failed', 'UnhandledPromiseRejection', 'Unhandled error event', 'simulator bug'];
const LONGEST = 600;

const failures = (logsDir: string): readonly string[] => linesWith(logsDir, SIGNS);

/** What was logged about batches that did not end because their lines and counts disagreed. */
export const findUnverified = (logsDir: string): readonly string[] =>
  linesWith(logsDir, ['batch.not_verified']);

const linesWith = (logsDir: string, signs: readonly string[]): readonly string[] =>
  readdirSync(logsDir)
    .filter((file) => file.endsWith('.log') || file.endsWith('.log.1'))
    .flatMap((file) =>
      readFileSync(join(logsDir, file), 'utf8')
        .split('\n')
        .filter((line) => signs.some((sign) => line.includes(sign)))
        .map((line) => `${file}: ${line.slice(0, LONGEST)}`),
    );

const platformEvents = (logsDir: string): readonly Readonly<Record<string, unknown>>[] =>
  readFileSync(join(logsDir, 'platform.log'), 'utf8')
    .split('\n')
    .flatMap((line) => {
      try {
        const event: unknown = JSON.parse(line);
        return isJsonObject(event) ? [event] : [];
      } catch {
        return [];
      }
    });

function exists(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
}
