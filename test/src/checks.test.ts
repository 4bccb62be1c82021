import { spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';

const root = fileURLToPath(new URL('../..', import.meta.url));
let folder: string;

/** A house as small as can be, under the real rules. */
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'spillway-checks-'));
  for (const file of ['.oxlintrc.json', '.oxfmtrc.json', 'tsconfig.base.json', 'knip.json']) {
    cpSync(join(root, file), join(folder, file));
  }
  symlinkSync(join(root, 'node_modules'), join(folder, 'node_modules'));
  plant(
    'package.json',
    '{ "name": "planted", "private": true, "type": "module", "workspaces": ["packages/*"] }\n',
  );
  plant('tsconfig.json', '{ "extends": "./tsconfig.base.json", "include": ["packages", "services"] }\n');
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

function plant(path: string, text: string): void {
  mkdirSync(dirname(join(folder, path)), { recursive: true });
  writeFileSync(join(folder, path), text);
}

function run(tool: string, ...args: readonly string[]): { readonly good: boolean; readonly output: string } {
  const { status, stdout, stderr } = spawnSync(join(root, 'node_modules/.bin', tool), args, {
    cwd: folder,
    encoding: 'utf8',
    env: { ...process.env, NO_COLOR: '1' },
  });
  return { good: status === 0, output: `${stdout}${stderr}` };
}

const lint = (): ReturnType<typeof run> =>
  run('oxlint', '--type-aware', '--deny-warnings', 'packages', 'services');

const FAULTS: readonly (readonly [name: string, path: string, text: string, rule: string])[] = [
  ['core imports a library', 'packages/core/src/a.ts', "import 'zod';\n", 'no-restricted-imports'],
  ['core imports node', 'packages/core/src/a.ts', "import 'node:fs';\n", 'no-restricted-imports'],
  ['a service speaks to Redis', 'services/x/src/a.ts', "import 'ioredis';\n", 'no-restricted-imports'],
  ['a package speaks to BullMQ', 'packages/backends/src/a.ts', "import 'bullmq';\n", 'no-restricted-imports'],
  [
    'a service imports a service',
    'services/x/src/a.ts',
    "import '@spillway/scheduler';\n",
    'no-restricted-imports',
  ],
  [
    'the environment is read outside main',
    'packages/gpu/src/a.ts',
    "export const a = process.env['A'];\n",
    'no-process-env',
  ],
  [
    'a promise floats',
    'packages/gpu/src/a.ts',
    'export function a(): void {\n  Promise.resolve(1);\n}\n',
    'no-floating-promises',
  ],
  ['any', 'packages/gpu/src/a.ts', 'export const a: any = 1;\n', 'no-explicit-any'],
  [
    'a non-null assertion',
    'packages/gpu/src/a.ts',
    'export const a = (b?: string): string => b!;\n',
    'no-non-null-assertion',
  ],
  [
    'a switch misses a case',
    'packages/gpu/src/a.ts',
    "export function a(b: 'x' | 'y'): void {\n  switch (b) {\n    case 'x':\n      break;\n  }\n}\n",
    'switch-exhaustiveness-check',
  ],
  ['a default export', 'packages/gpu/src/a.ts', 'export default 1;\n', 'no-default-export'],
  [
    'a file nobody can hold in mind',
    'packages/gpu/src/a.ts',
    'export const a = [\n' + '  1,\n'.repeat(310) + '];\n',
    'max-lines',
  ],
];

describe('the checks fire', () => {
  test('and a good file passes', () => {
    plant('packages/gpu/src/a.ts', 'export const a = 1;\n');
    expect(lint()).toMatchObject({ good: true });
    expect(run('oxfmt', '--check', 'packages')).toMatchObject({ good: true });
  });

  test.each(FAULTS)('lint: %s', (_name, path, text, rule) => {
    plant(path, text);
    const { good, output } = lint();
    expect(good).toBe(false);
    expect(output).toContain(rule);
  });

  test('lint: two files import each other', () => {
    plant('packages/gpu/src/a.ts', "import { b } from './b.ts';\n\nexport const a = (): number => b();\n");
    plant('packages/gpu/src/b.ts', "import { a } from './a.ts';\n\nexport const b = (): number => a();\n");
    expect(lint().output).toContain('no-cycle');
  });

  test('format: a line is laid out otherwise', () => {
    plant('packages/gpu/src/a.ts', 'export const a = "double"\n');
    expect(run('oxfmt', '--check', 'packages')).toMatchObject({ good: false });
  });

  test('types: a string where a number belongs', () => {
    plant('packages/gpu/src/a.ts', "export const a: number = 'one';\n");
    expect(run('tsc', '-b').output).toContain('TS2322');
  });

  test('dead code: an export nobody uses, and a dependency nobody imports', () => {
    plant(
      'packages/gpu/package.json',
      '{ "name": "gpu", "exports": "./src/index.ts", "dependencies": { "zod": "1" } }\n',
    );
    plant('packages/gpu/src/index.ts', "export { used } from './a.ts';\n");
    plant('packages/gpu/src/a.ts', 'export const used = 1;\nexport const forgotten = 2;\n');
    const { good, output } = run('knip', '--no-progress');
    expect(good).toBe(false);
    expect(output).toContain('forgotten');
    expect(output).toContain('zod');
  });
});
