import { chmodSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { createNvidiaSmiReader } from './create-nvidia-smi-reader.ts';

const never = new AbortController().signal;
let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'nvidia-smi-'));
});
afterEach(() => {
  rmSync(folder, { recursive: true, force: true });
});

/** A stand-in that writes down how it was called; `script` sees the first argument as $1. */
function standIn(script: string): { readonly binary: string; readonly calls: () => readonly string[] } {
  const binary = join(folder, 'nvidia-smi');
  const log = join(folder, 'calls');
  writeFileSync(log, '');
  writeFileSync(binary, `#!/bin/sh\necho "$1" >> '${log}'\n${script}\n`);
  chmodSync(binary, 0o755);
  return { binary, calls: () => readFileSync(log, 'utf8').trim().split('\n') };
}

/** Answers the help, then a row with a 1 for each field asked for. */
const answering = (prefix: string): string => `
if [ "$1" = --help-query-gpu ]; then echo '"${prefix}.sw_power_cap"'; exit 0; fi
echo "\${1#--query-gpu=}" | sed 's/[^,][^,]*/1/g'`;

describe('createNvidiaSmiReader', () => {
  test('asks an old driver by its own names, and asks for the names only once', async () => {
    const { binary, calls } = standIn(answering('clocks_throttle_reasons'));
    const reader = createNvidiaSmiReader({ binary });
    expect(await reader.read(never)).toMatchObject({ ok: true, value: [{ index: 1, powerWatts: 1 }] });
    expect(await reader.read(never)).toMatchObject({ ok: true });
    expect(calls()).toEqual([
      '--help-query-gpu',
      expect.stringContaining('clocks_throttle_reasons.sw_power_cap'),
      expect.stringContaining('clocks_throttle_reasons.hw_power_brake_slowdown'),
    ]);
  });

  test('prefers the new names where the driver knows them', async () => {
    const { binary, calls } = standIn(answering('clocks_event_reasons'));
    await createNvidiaSmiReader({ binary }).read(never);
    expect(calls()[1]).toContain('clocks_event_reasons.sw_thermal_slowdown');
  });

  test('a machine without nvidia-smi is told apart from one where it fails', async () => {
    const missing = createNvidiaSmiReader({ binary: join(folder, 'absent') });
    expect(await missing.read(never)).toMatchObject({ ok: false, error: { kind: 'not-found' } });
    const { binary } = standIn('echo "No devices were found"; exit 6');
    expect(await createNvidiaSmiReader({ binary }).read(never)).toEqual({
      ok: false,
      error: { kind: 'failed', detail: 'No devices were found' },
    });
  });

  test('a reading that hangs is given up in time', async () => {
    const { binary } = standIn('exec sleep 60');
    const reader = createNvidiaSmiReader({ binary, timeoutMs: 100 });
    expect(await reader.read(never)).toMatchObject({ ok: false, error: { kind: 'timeout' } });
  });

  test('no second process is started while one has not ended', async () => {
    const { binary, calls } = standIn('exec sleep 60');
    const reader = createNvidiaSmiReader({ binary, timeoutMs: 500 });
    const first = reader.read(never);
    expect(await reader.read(never)).toMatchObject({ ok: false, error: { kind: 'timeout' } });
    expect(await first).toMatchObject({ ok: false, error: { kind: 'timeout' } });
    expect(calls()).toHaveLength(1);
  });

  test('an aborted reading ends at once', async () => {
    const { binary } = standIn('exec sleep 60');
    const abort = new AbortController();
    const reading = createNvidiaSmiReader({ binary, timeoutMs: 10_000 }).read(abort.signal);
    abort.abort();
    expect(await reading).toEqual({ ok: false, error: { kind: 'failed', detail: 'aborted' } });
  });
});
