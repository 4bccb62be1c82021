import { execFile } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';

const root = fileURLToPath(new URL('../..', import.meta.url));

test('npm run demo -- --json: every document has its outcome, and the signed webhook was verified', async () => {
  const { stdout } = await promisify(execFile)('npm', ['run', '-s', 'demo', '--', '--json'], {
    cwd: root,
    env: { ...process.env, REDIS_URL: '' },
  });
  const report: unknown = JSON.parse(stdout);
  const documents = readdirSync(new URL('../../examples/documents', import.meta.url)).length;
  expect(report).toMatchObject({
    documents,
    completed: documents - 3,
    failed: 3,
    expired: 0,
    webhook: { received: true, verified: true },
    errors: [{ code: 'empty' }, { code: 'malformed' }, { code: 'not-text' }],
  });
  const { local, cloud, pinned } = report as {
    readonly local: number;
    readonly cloud: number;
    readonly pinned: number;
  };
  expect(local + cloud).toBe(documents - 3);
  expect(cloud, 'the queue overflowed').toBeGreaterThan(0);
  expect(local, 'what is pinned stayed').toBeGreaterThanOrEqual(pinned);
});
