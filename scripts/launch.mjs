// Plain JavaScript for any Node >= 18: installs the workspace with its pinned pnpm when needed, then
// runs one file under the pinned Node, with no package manager left in between (npx and npm do not
// pass SIGTERM on to what they started).
//   node scripts/launch.mjs <file> [args...]
import { spawn, spawnSync } from 'node:child_process';
import { existsSync, readFileSync, statSync } from 'node:fs';
import { delimiter, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));
const [file, ...args] = process.argv.slice(2);
const fail = (why) => {
  console.error(`launch: ${why}`);
  process.exit(1);
};
if (!file) fail('usage: node scripts/launch.mjs <file> [args...]');

const mtime = (path) => (existsSync(join(root, path)) ? statSync(join(root, path)).mtimeMs : 0);
if (mtime('node_modules/.modules.yaml') < mtime('pnpm-lock.yaml')) {
  const { packageManager } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
  const env = { ...process.env, npm_config_update_notifier: 'false', npm_config_loglevel: 'error' };
  const run = spawnSync('npx', ['--yes', packageManager.split('+')[0], 'install', '--frozen-lockfile'], {
    cwd: root,
    stdio: ['ignore', 2, 'inherit'],
    env,
    shell: process.platform === 'win32',
  });
  if (run.status !== 0)
    fail(`'npx ${packageManager} install' ended with ${run.error?.message ?? run.status ?? run.signal}`);
}

const pinned = join(root, 'node_modules/.bin/node');
const wanted = 24;
const node = existsSync(pinned) ? pinned : process.execPath;
if (node === process.execPath && Number(process.versions.node.split('.')[0]) < wanted)
  fail(`Node ${wanted} or newer is needed; this is ${process.version}`);

const child = spawn(node, [resolve(root, file), ...args], {
  stdio: 'inherit',
  env: { ...process.env, PATH: [join(root, 'node_modules/.bin'), process.env.PATH].join(delimiter) },
});
process.on('SIGINT', () => {}); // a terminal's Ctrl-C reaches the child by itself
for (const signal of ['SIGTERM', 'SIGHUP']) process.on(signal, () => child.kill(signal));
child.on('error', (error) => fail(error.message));
child.on('exit', (code, signal) => {
  process.exitCode = code ?? (signal === 'SIGINT' ? 130 : 143);
});
