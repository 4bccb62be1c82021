import { expect, test } from 'vitest';
import { A_DECISION } from '../testing/a-decision.ts';
import { runInTest } from '../testing/run-in-test.ts';
import { everything, JOB, startPlatform } from '../testing/start-platform.ts';

test('explain shows what was done, why, every backend considered, and what came of it', async () => {
  const { env } = await startPlatform(everything);
  const { stdout, exitCode } = await runInTest(['explain', JOB.id], { env });
  expect(exitCode).toBe(0);
  expect(stdout).toContain('assign to gpu-0 (local): local had room');
  expect(stdout).toContain('auto (task invoice), about 1,200 tokens in and 129 out, at most 512');
  expect(stdout).toMatch(/→ gpu-0 +local +chosen 0\.71 +9\.1 s +4\.1 s +120 ms +4\.9 s +1,024 +\$0\.00003\n/);
  expect(stdout).toMatch(
    / time 0\.67 {2}cost 0\.99 {2}quality 0\.80 {2}reliability 0\.99 {2}headroom 0\.30 {2}energy 1\.00/,
  );
  expect(stdout).toMatch(/ {3}cloud-a +cloud +PRIVACY_PIN: the job is pinned to local backends/);
  const told = stdout.replaceAll(/\s+/g, ' ');
  expect(told).toContain('competes as interactive, because little of its time is left');
  expect(told).toContain('300 ms earlier than predicted; cost $0.00003');
  expect(told).toContain('the cheapest cloud would have cost $0.0006; saved $0.00057');
  expect(stdout).not.toContain('\u001b');
  expect(Math.max(...stdout.split('\n').map((line) => line.length))).toBeLessThanOrEqual(100);
});

test('explain --dry-run sends the job and submits nothing', async () => {
  const explanation = {
    object: 'explanation',
    dry_run: true,
    decision: { ...A_DECISION, outcome: null },
    queue_position: 12,
    estimated_finish_at: '2030-01-01T12:00:41.000Z',
  };
  const { server, env } = await startPlatform(() => ({ body: explanation }));
  const args = ['explain', '--dry-run', 'Hello', 'there', '--class', 'batch', '--task', 'invoice'];
  const { stdout, exitCode } = await runInTest([...args, '--max-cost', '0.02', '--min-quality', '.5'], {
    env,
  });
  expect([exitCode, server.seen.map(({ path }) => path)]).toEqual([0, ['/v1/jobs/explain']]);
  expect(JSON.parse(server.seen[0]?.body.toString() ?? '')).toEqual({
    request: { model: 'auto', messages: [{ role: 'user', content: 'Hello there' }] },
    class: 'batch',
    task: 'invoice',
    min_quality: 0.5,
    max_cost_usd: 0.02,
  });
  expect(stdout).toContain('not over yet; the cheapest cloud would cost about $0.0006');
  expect(stdout).toContain(
    'nothing was submitted: it would be number 12 in line, ready at about 2030-01-01T12:00:41.000Z',
  );
});

test.each([
  ['two ids', [JOB.id, JOB.id], 'the id of one job'],
  ['no id', [], 'the id of one job'],
  ['what is no id', ['hello'], 'A job id looks like'],
  ['what describes a job', [JOB.id, '--class', 'batch'], 'goes with --dry-run'],
])('explain with %s is refused before anything is sent', async (_what, args, message) => {
  const { server, env } = await startPlatform(everything);
  const run = await runInTest(['explain', ...args], { env });
  expect(run).toMatchObject({ exitCode: 2, stdout: '' });
  expect(run.stderr).toContain(message);
  expect(server.seen).toHaveLength(0);
});
