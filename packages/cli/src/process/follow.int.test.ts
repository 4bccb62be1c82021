import { sampleResult } from '@spillway/client/testing';
import { expect, test } from 'vitest';
import { sha256 } from '../testing/fake-platform.ts';
import { createProcessFixture } from '../testing/process-fixture.ts';

test('results are asked for behind the last one seen, however they arrive', async () => {
  await using at = await createProcessFixture({ outcome: (name) => (name === 'b.txt' ? {} : undefined) });
  const running = at.run();
  await expect.poll(() => at.read('out.jsonl').catch(() => ''), { interval: 5 }).toContain('b.txt');
  for (const [index, document, text] of [
    [2, 'sub/c.txt', 'gamma'],
    [0, 'a.txt', 'alpha'],
  ] as const) {
    at.platform.batches[0]?.results.push(
      sampleResult({ index, document: `renamed ${index}`, sha256: sha256(text), output: document }),
    );
  }
  expect((await running).exitCode).toBe(0);
  const asked = at.platform.seen.filter(({ path }) => path.endsWith('/results'));
  expect(asked.map(({ query }) => query.get('after'))).toEqual([null, '0']);
  // a document keeps the name it was sent under, which its place tells
  expect((await at.results()).map(({ document }) => document)).toEqual(['b.txt', 'sub/c.txt', 'a.txt']);
  expect((await at.results()).slice(1).map(({ output }) => output)).toEqual(['sub/c.txt', 'a.txt']);
});

test('several batches are under way at once', async () => {
  await using at = await createProcessFixture({
    outcome: (_name, _text, batchNumber) => (batchNumber === 1 ? undefined : {}),
  });
  const running = at.run(['--batch-size', '1', '--in-flight', '2']);
  await expect.poll(() => at.platform.batches.length, { interval: 5 }).toBe(3);
  at.platform.batches[0]?.results.push(sampleResult({ index: 0, sha256: sha256('alpha') }));
  expect((await running).exitCode).toBe(0);
  expect(await at.names()).toEqual(['a.txt', 'b.txt', 'sub/c.txt']);
});

test.each(['cancelled', 'expired', 'failed'] as const)(
  'a batch that ended as %s gives every document a line',
  async (status) => {
    await using at = await createProcessFixture({
      outcome: (name) => (name === 'a.txt' ? {} : undefined),
      onCreated: () => {
        const [batch] = at.platform.batches;
        if (batch !== undefined) batch.outlook = { status };
        return undefined;
      },
    });
    const { exitCode, stdout } = await at.run();
    expect(exitCode).toBe(0);
    expect(stdout).toMatch(/no-result +2 {2}→ run again with --retry-failed/);
    expect((await at.results()).map(({ error }) => error?.code)).toEqual([
      undefined,
      'no-result',
      'no-result',
    ]);
  },
);

test('a document that failed is named at once, with the reason and what to do', async () => {
  const detail = 'the PDF\u001b[2J is encrypted';
  await using at = await createProcessFixture({
    outcome: (name) =>
      name === 'b.txt' ? { status: 'failed', output: null, error: { code: 'encrypted', detail } } : {},
  });
  const { stderr, stdout } = await at.run();
  expect(stderr).toContain('✗ b.txt: the PDF [2J is encrypted [encrypted] → save it without its password\n');
  expect(stdout).toMatch(/encrypted +1 {2}→ save it without its password/);
  const terminal = await at.run(['--retry-failed'], { terminal: true });
  expect(terminal.stderr).toContain('\r\u001b[K\u001b[31m✗');
});

test('thousands of failures are counted, not listed', async () => {
  await using at = await createProcessFixture({
    outcome: () => ({ status: 'expired', output: null, error: null }),
  });
  for (let number = 0; number < 60; number += 1) await at.write(`docs/n${number}.txt`, `${number}`);
  const { stderr, stdout } = await at.run();
  expect(stderr.match(/✗/g)).toHaveLength(50);
  expect(stderr).toContain('50 failures shown');
  expect(stdout).toMatch(/expired +63 {2}→ give a longer --window/);
});

test('the platform says how long it will take, and that a batch is paused', async () => {
  await using at = await createProcessFixture({
    outcome: () => undefined,
    onCreated: () => {
      const [batch] = at.platform.batches;
      if (batch !== undefined) {
        batch.outlook = { paused: true, estimated_finish_at: new Date(Date.now() + 125_000).toISOString() };
      }
      return undefined;
    },
  });
  const interrupt = new AbortController();
  const shown: string[] = [];
  const running = at.run([], {
    signal: interrupt.signal,
    terminal: true,
    onStderr: (text) => {
      shown.push(text);
    },
  });
  await expect.poll(() => shown.join(''), { interval: 20 }).toMatch(/0 %\) · 2 min \d s left/);
  expect(shown.join('')).toContain('paused at the platform');
  interrupt.abort(new Error('interrupted'));
  expect((await running).exitCode).toBe(130);
});
