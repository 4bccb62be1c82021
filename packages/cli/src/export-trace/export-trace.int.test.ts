import { mkdtemp, readdir, readFile, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { completedJob, sampleJob, serve, type TestServer } from '@spillway/client/testing';
import type { JobBody } from '@spillway/contracts';
import { idFromUuid } from '@spillway/core';
import { readTrace, type SimulationReport } from '@spillway/simulation';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { runInTest } from '../testing/run-in-test.ts';

const FIRST_MS = Date.parse('2030-01-01T12:00:00.000Z');
const SECRET = 'the words of a prompt';

let folder: string;
let server: TestServer | undefined;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'spillway-export-'));
});
afterEach(async () => {
  await server?.[Symbol.asyncDispose]();
  server = undefined;
  await rm(folder, { recursive: true, force: true });
});

const idOf = (number: number) =>
  idFromUuid('JobId', `01990000-0000-7000-8000-${String(number).padStart(12, '0')}`);
const at = (seconds: number): string => new Date(FIRST_MS + seconds * 1000).toISOString();

/** So many completed jobs, one a second; the platform lists the newest first. */
const completed = (count: number, changes: (number: number) => Partial<JobBody> = () => ({})) =>
  Array.from({ length: count }, (_, number) =>
    completedJob(SECRET, {
      id: idOf(number),
      created_at: at(number),
      deadline_at: at(number + 300),
      usage: {
        input_tokens: 100 + number,
        cached_input_tokens: 0,
        output_tokens: 20,
        cost_usd: 0,
        energy_joules: null,
      },
      ...changes(number),
    }),
  ).toReversed();

/** A platform that holds these jobs and hands them out by pages. */
async function platformOf(jobs: readonly JobBody[]) {
  server = await serve(({ query }) => {
    const from = jobs.findIndex(({ id }) => id === query.get('after')) + 1;
    const data = jobs.slice(from, from + Number(query.get('limit')));
    return {
      body: {
        object: 'list',
        data,
        first_id: data[0]?.id ?? null,
        last_id: data.at(-1)?.id ?? null,
        has_more: from + data.length < jobs.length,
      },
    };
  });
  return { SPILLWAY_URL: server.url, SPILLWAY_API_KEY: 'sk-secret' };
}

const linesOf = (text: string): readonly Record<string, unknown>[] =>
  text
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as Record<string, unknown>);

describe('export-trace', () => {
  test('writes features of every completed job, page by page, and not a word of it', async () => {
    const env = await platformOf(completed(250, () => ({ metadata: { customer: 'Acme' } })));
    const run = await runInTest(['export-trace'], { env });
    expect(run.exitCode).toBe(0);
    expect(run.stderr).toBe('250 jobs\n');
    const lines = linesOf(run.stdout);
    expect(lines).toHaveLength(250);
    expect(lines.at(-1)).toEqual({
      v: 1,
      at_ms: FIRST_MS,
      tenant: expect.stringMatching(/^t-[0-9a-f]{12}$/) as string,
      class: 'standard',
      pinned: false,
      input_tokens: 100,
      output_tokens: 20,
      model: 'auto',
      deadline_ms: 300_000,
    });
    for (const word of [SECRET, 'Acme', 'sk-secret', 'job_']) expect(run.stdout).not.toContain(word);
  });

  test('leaves out what has no known answer, and says so', async () => {
    const jobs = [
      sampleJob({ id: idOf(900) }),
      sampleJob({ id: idOf(901), status: 'failed', finished_at: at(1) }),
      ...completed(1),
    ];
    const run = await runInTest(['export-trace'], { env: await platformOf(jobs) });
    expect(linesOf(run.stdout)).toHaveLength(1);
    expect(run.stderr).toBe('1 job; left out: 1 not ended yet, 1 without an answer\n');
  });

  test('stops at the first job before --since, without asking for the pages behind it', async () => {
    const env = await platformOf(completed(350));
    const run = await runInTest(['export-trace', '--since', at(300)], { env });
    expect(linesOf(run.stdout)).toHaveLength(50);
    expect(server?.seen).toHaveLength(1);
    const refused = await runInTest(['export-trace', '--since', 'monday'], { env });
    expect(refused).toMatchObject({ exitCode: 2 });
  });

  test('makes tenants of customers by pseudonyms that are stable, distinct and bound to the key', async () => {
    const jobs = completed(3, (number) => ({ metadata: number === 2 ? null : { customer: `c${number}` } }));
    const env = await platformOf(jobs);
    const tenants = async (key: string) => {
      const run = await runInTest(['export-trace', '--tenant-by', 'customer'], {
        env: { ...env, SPILLWAY_API_KEY: key },
      });
      return linesOf(run.stdout).map(({ tenant }) => tenant);
    };
    const first = await tenants('sk-one');
    expect(new Set(first).size).toBe(3);
    expect(await tenants('sk-one')).toEqual(first);
    expect(new Set([...first, ...(await tenants('sk-two'))]).size).toBe(6);
  });

  test('a file is its owner’s, gzipped by its name, and there whole or not at all', async () => {
    const env = await platformOf(completed(3));
    const run = await runInTest(['export-trace', '--out', 'a.jsonl.gz', '--json'], { env, cwd: folder });
    const out = join(folder, 'a.jsonl.gz');
    expect(JSON.parse(run.stdout)).toEqual({
      object: 'trace_export',
      written: 3,
      unfinished: 0,
      unanswered: 0,
      out,
    });
    expect((await stat(out)).mode & 0o777).toBe(0o600);
    expect((await readFile(out)).subarray(0, 2)).toEqual(Buffer.from([0x1f, 0x8b]));

    await server?.[Symbol.asyncDispose]();
    const lost = await runInTest(['export-trace', '--out', 'b.jsonl'], { env, cwd: folder });
    expect(lost.exitCode).toBe(3);
    expect(await readdir(folder)).toEqual(['a.jsonl.gz']);
  });

  test('a folder that is not there is a mistake with advice', async () => {
    const env = await platformOf(completed(3));
    const run = await runInTest(['export-trace', '--out', 'none/a.jsonl'], { env, cwd: folder });
    expect(run.exitCode).toBe(2);
    expect(run.stderr).toContain('cannot be written (ENOENT): name another file with --out');
  });

  test('what was exported can be simulated, job by job', async () => {
    const env = await platformOf(
      completed(120, (number) => ({ privacy: { pinned: number % 4 === 0, findings: [] } })),
    );
    await runInTest(['export-trace', '--out', 'a.jsonl'], { env, cwd: folder });
    const trace = await readTrace(join(folder, 'a.jsonl'));
    expect(trace).toMatchObject({ ok: true, value: { format: 'spillway', leftOut: 0 } });

    const run = await runInTest(['simulate', '--trace', 'a.jsonl', '--policy', 'spillway', '--json'], {
      cwd: folder,
    });
    expect(run).toMatchObject({ exitCode: 0, stderr: '' });
    const report = JSON.parse(run.stdout) as SimulationReport;
    expect(report.policies[0]).toMatchObject({
      requests: 120,
      completed: 120,
      pinned: { jobs: 30, missed: 0 },
      classes: { standard: { jobs: 120 } },
    });
    expect(report.policies[0]?.tenants).toHaveLength(1);
  });
});
