// Everything that must hold before a push, with one line a step: types, lint, format, dead code, boundaries.
//   npm run check
import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));
const steps = [
  ['types', 'turbo', ['run', 'typecheck', '--output-logs=errors-only']],
  ['lint and boundaries', 'oxlint', ['--type-aware', '--deny-warnings']],
  ['format', 'oxfmt', ['--check']],
  ['dead code', 'knip', ['--no-progress']],
];

let failed = 0;
for (const [name, command, args] of steps) {
  const startedAt = performance.now();
  const run = spawnSync(command, args, { cwd: root, encoding: 'utf8', env: { ...process.env, TURBO_TELEMETRY_DISABLED: '1' } });
  const seconds = ((performance.now() - startedAt) / 1000).toFixed(1);
  const good = run.status === 0;
  process.stdout.write(`${good ? '✓' : '✗'} ${name} (${seconds} s)\n`);
  if (good) continue;
  failed += 1;
  process.stdout.write(`${run.stdout ?? ''}${run.stderr ?? ''}${run.error?.message ?? ''}\n`);
}
process.exitCode = failed === 0 ? 0 : 1;
