import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import type { OutLine } from '../process/result-lines.ts';
import { startFakePlatform, type FakePlatform, type FakePlatformOptions } from './fake-platform.ts';
import { runInTest, type TestRun, type TestRunOptions } from './run-in-test.ts';

export interface ProcessFixture extends AsyncDisposable {
  readonly cwd: string;
  readonly platform: FakePlatform;
  /** The words of the command, as a shell would give them. */
  readonly args: readonly string[];
  readonly env: Readonly<Record<string, string>>;
  write(path: string, content: string | Uint8Array): Promise<void>;
  read(path: string): Promise<string>;
  remove(path: string): Promise<void>;
  /** Another command line in the same place. */
  command(args: readonly string[], options?: TestRunOptions): Promise<TestRun>;
  run(more?: readonly string[], options?: TestRunOptions): Promise<TestRun>;
  /** The lines of the output file; throws when the last one is not whole. */
  results(): Promise<OutLine[]>;
  /** The documents of those lines, sorted. */
  names(): Promise<string[]>;
}

/** A folder of three documents, a platform, and the command that processes one with the other; for tests. */
export async function createProcessFixture(options?: FakePlatformOptions): Promise<ProcessFixture> {
  const cwd = await mkdtemp(join(tmpdir(), 'spillway-process-'));
  const platform = await startFakePlatform(options);
  const env = { SPILLWAY_URL: platform.url, SPILLWAY_API_KEY: 'k' };
  const args = ['process', 'docs', '--prompt', 'sum up', '--out', 'out.jsonl'];

  const write: ProcessFixture['write'] = async (path, content) => {
    await mkdir(dirname(join(cwd, path)), { recursive: true });
    await writeFile(join(cwd, path), content);
  };
  const results: ProcessFixture['results'] = async () => {
    const text = await readFile(join(cwd, 'out.jsonl'), 'utf8');
    if (!text.endsWith('\n')) throw new Error('the last line is not whole');
    return text
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line) as OutLine);
  };
  const command: ProcessFixture['command'] = (words, runOptions = {}) =>
    runInTest(words, { cwd, env, ...runOptions });
  await write('docs/a.txt', 'alpha');
  await write('docs/b.txt', 'beta');
  await write('docs/sub/c.txt', 'gamma');
  await write('docs/.hidden', 'not for you');
  await write('docs/.git/config', 'nor this');
  return {
    cwd,
    platform,
    args,
    env,
    write,
    results,
    command,
    read: (path) => readFile(join(cwd, path), 'utf8'),
    remove: (path) => rm(join(cwd, path), { recursive: true }),
    run: (more = [], runOptions = {}) => command([...args, ...more], runOptions),
    names: async () => (await results()).map(({ document }) => document).toSorted(),
    [Symbol.asyncDispose]: async () => {
      await platform[Symbol.asyncDispose]();
      await rm(cwd, { recursive: true });
    },
  };
}
