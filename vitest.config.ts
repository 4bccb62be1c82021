import { globSync } from 'node:fs';
import { basename } from 'node:path';
import { defineConfig } from 'vitest/config';

/** Every workspace package is a project under its folder's name; `test` holds the cross-process suites. */
const packages = globSync('{packages,infra,services}/*/package.json').map((file) =>
  file.replace('/package.json', ''),
);

export default defineConfig({
  test: {
    projects: [
      ...packages.map((root) => ({
        extends: true as const,
        test: {
          name: basename(root),
          root,
          include: ['src/**/*.test.ts'],
          testTimeout: 20_000,
          // Most of them wait for something: two at a time keep two cores busy.
          maxWorkers: 2,
        },
      })),
      {
        extends: true as const,
        test: {
          name: 'test',
          root: 'test',
          include: ['e2e/**/*.test.ts', 'src/**/*.test.ts'],
          testTimeout: 180_000,
          hookTimeout: 60_000,
          // Whole platforms, which mostly wait: when the packages are through.
          maxWorkers: 2,
          sequence: { groupOrder: 1 },
        },
      },
      {
        extends: true as const,
        test: {
          name: 'chaos',
          root: 'test',
          include: ['chaos/**/*.test.ts'],
          testTimeout: 180_000,
          hookTimeout: 60_000,
          // Whole platforms whose recovery is measured: after everything else, one at a time.
          maxWorkers: 1,
          sequence: { groupOrder: 2 },
        },
      },
    ],
    globalSetup: ['./test/src/global-setup.ts'],
    reporters: ['default', './test/src/count-reporter.ts'],
    coverage: {
      provider: 'v8',
      // Relative to the one project that is measured: core.
      include: ['src/**/*.ts'],
      exclude: ['**/*.test.ts', '**/*.fixtures.ts', '**/*.d.ts', '**/index.ts'],
      reporter: ['text', 'text-summary'],
      thresholds: { statements: 100, branches: 100, functions: 100, lines: 100 },
    },
  },
});
