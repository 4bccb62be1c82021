import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { expect, test } from 'vitest';

const HOUR_MS = 3_600_000;
const PRELOAD = new URL('preload-main.ts', import.meta.url).href;
const TELL = `setInterval(() => console.log(JSON.stringify({
  now: Date.now(), made: new Date().getTime(), fixed: new Date(0).getTime(), is: new Date() instanceof Date,
})), 20)`;

test('the wall clock of one process steps and comes back; what a date was made from stays', async () => {
  const clocks = mkdtempSync(join(tmpdir(), 'chaos-clock-'));
  const child = spawn(process.execPath, ['--eval', TELL], {
    env: { ...process.env, CHAOS_CLOCKS: clocks, NODE_OPTIONS: `--import=${PRELOAD}` },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  try {
    const lines = createInterface(child.stdout);
    const until = async (offByMs: number): Promise<Readonly<Record<string, unknown>>> => {
      for (;;) {
        const [line] = (await once(lines, 'line', { signal: AbortSignal.timeout(5_000) })) as [string];
        const told = JSON.parse(line) as Readonly<Record<string, unknown>>;
        if (Math.abs(Number(told['now']) - Date.now() - offByMs) < 5_000) return told;
      }
    };
    await until(0);
    writeFileSync(join(clocks, String(child.pid)), String(HOUR_MS));
    const stepped = await until(HOUR_MS);
    expect(Number(stepped['made']) - Number(stepped['now'])).toBeLessThan(100);
    expect(stepped).toMatchObject({ fixed: 0, is: true });
    writeFileSync(join(clocks, String(child.pid)), '0');
    await until(0);
  } finally {
    child.kill('SIGKILL');
    rmSync(clocks, { recursive: true, force: true });
  }
});
