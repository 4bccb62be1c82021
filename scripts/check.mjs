// Everything that must hold before a push, one line a step: types, lint with the boundaries, format, dead code and
// the coverage of core.
//   npm run check
import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));
const { packageManager } = JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8'));
const steps = [
  // turbo wants the package manager itself on PATH
  ['types', 'npx', ['--yes', packageManager, 'run', 'typecheck']],
  ['lint and boundaries', 'oxlint', ['--type-aware', '--deny-warnings']],
  ['format', 'oxfmt', ['--check']],
  ['dead code', 'knip', ['--no-progress', '--no-config-hints']],
  ['coverage of core', 'vitest', ['run', '--project', 'core', '--coverage']],
];

let failed = 0;
for (const [name, command, args] of steps) {
  const startedAt = performance.now();
  const run = spawnSync(command, args, {
    cwd: root,
    encoding: 'utf8',
    env: { ...process.env, TURBO_TELEMETRY_DISABLED: '1' },
  });
  const seconds = ((performance.now() - startedAt) / 1000).toFixed(1);
  const good = run.status === 0;
  process.stdout.write(`${good ? '✓' : '✗'} ${name} (${seconds} s)\n`);
  if (good) continue;
  failed += 1;
  process.stdout.write(`${run.stdout ?? ''}${run.stderr ?? ''}${run.error?.message ?? ''}\n`);
}
process.exitCode = failed === 0 ? 0 : 1;
