import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { bundledTrace, type SimulationReport } from '@spillway/simulation';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { runInTest } from '../testing/run-in-test.ts';

const CONFIG = `
backends:
  gpu-0:
    kind: vllm
    url: \${env:GPU_URL}
    models: { small: org/small }
    max_concurrency: 32
  cloud:
    kind: openai
    api_key: \${file:/run/secrets/not-there}
    models: { mini: gpt-5-mini }
models:
  auto: { any_of: [small, mini] }
tenants:
  a: { weight: 2 }
`;

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'spillway-simulate-'));
  await writeFile(join(folder, 'spillway.yaml'), CONFIG);
  const lines = Array.from({ length: 300 }, (_, index) =>
    JSON.stringify({ t: index / 10, client: index % 3 === 0 ? 'a' : 'b', in: 400, out: 60 }),
  );
  await writeFile(join(folder, 'load.jsonl'), lines.join('\n'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

const simulate = (...args: readonly string[]) =>
  runInTest(['simulate', '--trace', 'load.jsonl', ...args], { cwd: folder });
const reportOf = async (...args: readonly string[]) => {
  const run = await simulate('--json', ...args);
  expect(run).toMatchObject({ exitCode: 0, stderr: '' });
  return JSON.parse(run.stdout) as SimulationReport;
};

/** Everything but the seconds it took. */
const strip = ({ policies }: SimulationReport) => policies.map((run) => ({ ...run, wallSeconds: 0 }));
const latency = ({ policies }: SimulationReport) => policies[0]?.classes['standard']?.latency.p50 ?? 0;

describe('simulate', () => {
  test('compares ours with depth on one card and a cloud, when nobody says more; in a table and a page', async () => {
    const run = await simulate('--pinned', '0.2', '--html', 'report.html');
    expect(run.exitCode).toBe(0);
    expect(run.stderr).toContain('load.jsonl (vtc): 300 requests\nassumed: no --backends: one RTX 4090');
    expect(run.stderr).toContain('600 jobs in ');
    expect(run.stdout.split('\n').every(({ length }) => length <= 100)).toBe(true);
    for (const word of ['spillway', 'depth', 'missed pinned', 'cloud $/h', 'p99 wait batch'])
      expect(run.stdout).toContain(word);
    const page = await readFile(join(folder, 'report.html'), 'utf8');
    expect(page).toContain('Simulation of load.jsonl');
    expect(page).toContain('id="tenant-policy"');
  });

  test('takes the configuration of a deployment as it is, without its secrets', async () => {
    const report = await reportOf('--backends', 'spillway.yaml', '--policy', 'spillway');
    expect(report.backends).toEqual([
      {
        id: 'gpu-0',
        location: 'local',
        summary: expect.stringContaining('small; 32 jobs at once') as string,
      },
      { id: 'cloud', location: 'cloud', summary: expect.stringContaining('$0.25 in and $2 out') as string },
    ]);
    expect(report.policies[0]).toMatchObject({ policy: 'spillway', requests: 300 });
    expect(report.policies[0]?.tenants.map(({ tenant }) => tenant).toSorted()).toEqual(['a', 'b']);
  });

  test('says what it assumed of a deployment, and that it repeats a trace', async () => {
    const options = ['--backends', 'spillway.yaml', '--policy', 'fifo', '--repeat', '2'];
    const run = await simulate(...options);
    expect(run.stderr).toContain('load.jsonl (vtc): 600 requests (the 300 of the trace repeated)\n');
    for (const assumed of [
      'gpu-0 is as fast as an RTX 4090 with an 8B model',
      'gpu-0 has a KV cache of 40000 tokens',
      'cloud answers like a typical cloud',
    ])
      expect(run.stderr).toContain(`assumed: ${assumed}\n`);
    expect((await reportOf(...options)).trace).toMatchObject({ requests: 600, of: 300 });
  });

  test('says what part of a trace it takes; what is the same of several backends is assumed in one line', async () => {
    const gpu = CONFIG.slice(CONFIG.indexOf('  gpu-0:'), CONFIG.indexOf('  cloud:'));
    const more = Array.from({ length: 9 }, (_, index) => gpu.replace('gpu-0', `gpu-${index + 1}`)).join('');
    await writeFile(join(folder, 'many.yaml'), CONFIG.replace('  cloud:', `${more}  cloud:`));
    const options = ['--backends', 'many.yaml', '--policy', 'fifo', '--requests', '20'];
    const run = await simulate(...options, '--html', 'part.html');
    expect(run.stderr).toContain('load.jsonl (vtc): 20 of 300 requests\n');
    expect(run.stderr).toContain(
      'assumed: gpu-0 … gpu-9 (10 backends): each is as fast as an RTX 4090 with an 8B model\n',
    );
    expect(await readFile(join(folder, 'part.html'), 'utf8')).toContain('20 of 300 requests in 2.0 s: fifo');
    expect((await reportOf(...options)).trace).toMatchObject({ requests: 20, of: 300 });
  });

  test('of a configuration full of mistakes it tells ten', async () => {
    const backends = Array.from({ length: 14 }, (_, index) => `  gpu-${index}: { kind: none }`);
    await writeFile(join(folder, 'bad.yaml'), ['backends:', ...backends].join('\n'));
    const run = await simulate('--backends', 'bad.yaml');
    expect(run.exitCode).toBe(2);
    expect(run.stderr).toContain('bad.yaml is not usable');
    expect(run.stderr.match(/^✖ /gm)).toHaveLength(10);
    expect(run.stderr).toMatch(/backends\.gpu-9\.kind\nand 4 more\n/);
  });

  test('takes speeds from profiles', async () => {
    await writeFile(join(folder, 'slow.json'), '{"gpu-0":{"base_ms":400,"max_sequences":2}}');
    const options = ['--backends', 'spillway.yaml', '--policy', 'fifo', '--mix', 'standard=1'];
    const quick = await reportOf(...options);
    const slow = await reportOf(...options, '--profiles', 'slow.json');
    expect(latency(slow)).toBeGreaterThan(latency(quick) * 3);
  });

  test('the same seed gives the same figures, each seed is a run of its own, in the order asked for', async () => {
    const options = [
      '--policy',
      'depth',
      '--policy',
      'spillway',
      '--seed',
      '5',
      '--seeds',
      '2',
      '--load',
      '3',
    ];
    const first = await reportOf(...options, '--parallel', '2');
    expect(strip(await reportOf(...options, '--parallel', '1'))).toEqual(strip(first));
    expect(first.policies.map(({ policy, seed }) => [policy, seed])).toEqual([
      ['depth', 5],
      ['depth', 6],
      ['spillway', 5],
      ['spillway', 6],
    ]);
  });

  test.each([
    [['--policy', 'magic'], /there is no policy "magic"[^]*Or all/],
    [['--mix', 'interactive=0.5'], /add up to 1.*add up to 0\.5/],
    [['--pinned', '2'], /share from 0 to 1/],
    [['--load', '0'], /number above 0/],
    [['--seeds', '101'], /whole number from 1 to 100/],
    [['--seeds', '0'], /whole number from 1 to 100/],
    [['--backends', 'none.yaml'], /none\.yaml cannot be read/],
    [['--backends', 'load.jsonl'], /load\.jsonl is not usable/],
    [['--profiles', 'slow.json'], /name it with --backends/],
    [['--backends', 'spillway.yaml', '--profiles', 'spillway.yaml'], /spillway\.yaml is no JSON/],
    [
      ['--backends', 'spillway.yaml', '--model', 'huge'],
      /nobody serves "huge"; served are: small, mini, auto/,
    ],
    [['--requests', '5', '--repeat', '2'], /cannot be used with option/],
    [['--html', 'none/report.html', '--policy', 'fifo'], /cannot be written: name another file with --html/],
  ])('refuses %j with advice', async (args, advice) => {
    const run = await simulate(...args);
    expect(run.exitCode).toBe(2);
    expect(run.stderr).toMatch(advice);
  });

  test('a backend that costs nobody knows what is refused, not free', async () => {
    await writeFile(join(folder, 'odd.yaml'), CONFIG.replace('gpt-5-mini', 'nobody-knows'));
    const run = await simulate('--backends', 'odd.yaml');
    expect(run).toMatchObject({ exitCode: 2 });
    expect(run.stderr).toContain('nobody knows what cloud costs: write its prices to backends.cloud.prices');
  });

  test('names the line of a trace that is wrong', async () => {
    await writeFile(join(folder, 'wrong.jsonl'), '{"t":0,"client":"a","in":1,"out":1}\n{"t":1}\n');
    const run = await runInTest(['simulate', '--trace', 'wrong.jsonl'], { cwd: folder });
    expect(run.exitCode).toBe(2);
    expect(run.stderr).toContain('wrong.jsonl:2: client:');
  });

  test('Ctrl-C ends a long run at once', async () => {
    const stop = new AbortController();
    const run = await runInTest(
      ['simulate', '--trace', bundledTrace('azure-2023-conversation'), '--repeat', '10', '--parallel', '1'],
      {
        signal: stop.signal,
        terminal: true,
        // once a simulation is under way, which takes minutes
        onStderr: (text) => {
          if (text.includes('spillway 1 %')) stop.abort(new Error('interrupted'));
        },
      },
    );
    expect(run.exitCode).toBe(130);
    expect(run.stderr).toMatch(/interrupted\n$/);
    expect(run.stdout).toBe('');
  });
});
