// Plain JavaScript for any Node >= 18: installs the workspace with its pinned pnpm when needed, then
// runs one file under the pinned Node, with no package manager left in between (npx and npm do not
// pass SIGTERM on to what they started).
//   node scripts/launch.mjs <file> [args...]
import { spawn, spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import {
  accessSync,
  constants,
  existsSync,
  mkdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { homedir } from 'node:os';
import { delimiter, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));
const stamp = join(root, 'node_modules/.spillway-installed');
const [file, ...args] = process.argv.slice(2);
const fail = (why) => {
  console.error(`launch: ${why}`);
  process.exit(1);
};
if (!file) fail('usage: node scripts/launch.mjs <file> [args...]');

if (!isInstalled()) withInstallLock(() => isInstalled() || install());

const pinned = join(root, 'node_modules/.bin/node');
const wanted = 24;
const node = existsSync(pinned) ? pinned : process.execPath;
if (node === process.execPath && Number(process.versions.node.split('.')[0]) < wanted)
  fail(`Node ${wanted} or newer is needed; this is ${process.version}`);

const child = spawn(node, [resolve(root, file), ...args], {
  stdio: 'inherit',
  env: {
    ...process.env,
    PATH: [join(root, 'node_modules/.bin'), process.env.PATH].join(delimiter),
    // a child that must not outlive a killed launcher can tell by its parent's id
    SPILLWAY_LAUNCHER_PID: String(process.pid),
  },
});
process.on('SIGINT', () => {}); // a terminal's Ctrl-C reaches the child by itself
for (const signal of ['SIGTERM', 'SIGHUP']) process.on(signal, () => child.kill(signal));
child.on('error', (error) => fail(error.message));
child.on('exit', (code, signal) => {
  process.exitCode = code ?? (signal === 'SIGINT' ? 130 : 143);
});

/** pnpm writes its file last, so an install that was cut off does not count. */
function isInstalled() {
  const mtime = (path) => (existsSync(join(root, path)) ? statSync(join(root, path)).mtimeMs : 0);
  const installedAt = mtime('node_modules/.modules.yaml');
  // where nothing changed pnpm leaves its file as old as it was, so a checkout that touches the lock file needs our own
  return installedAt > 0 && (installedAt >= mtime('pnpm-lock.yaml') || readOr(stamp, '') === lockHash());
}

function install() {
  const first = !existsSync(join(root, 'node_modules'));
  console.error(
    first
      ? 'First start: installing dependencies, 10 seconds or so ...'
      : 'Dependencies changed: installing ...',
  );
  const { packageManager } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
  const env = { ...process.env, npm_config_update_notifier: 'false', npm_config_loglevel: 'error' };
  if (!isWritable(homedir())) {
    // caches and the package store live under HOME
    env.HOME = join(root, '.cache/home');
    env.npm_config_cache = join(env.HOME, '.npm');
    mkdirSync(env.HOME, { recursive: true });
  }
  const run = spawnSync('npx', ['--yes', packageManager.split('+')[0], 'install', '--frozen-lockfile'], {
    cwd: root,
    stdio: ['ignore', 2, 'inherit'],
    env,
    shell: process.platform === 'win32',
  });
  if (run.status !== 0)
    fail(`'npx ${packageManager} install' ended with ${run.error?.message ?? run.status ?? run.signal}`);
  writeFileSync(stamp, lockHash());
}

function lockHash() {
  return createHash('sha256')
    .update(readOr(join(root, 'pnpm-lock.yaml'), ''))
    .digest('hex');
}

function readOr(path, otherwise) {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return otherwise;
  }
}

/** One install at a time: another launcher's is waited for, one whose launcher died is taken over. */
function withInstallLock(work) {
  const lock = join(root, '.cache/install.lock');
  mkdirSync(join(root, '.cache'), { recursive: true });
  for (let waited = 0; !takeLock(lock); waited += 1) {
    if (waited === 0) console.error('Another process is installing dependencies; waiting for it ...');
    if (waited > 3000) fail(`the install of another process does not end; remove ${lock} if there is none`);
    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 100);
  }
  const release = () => rmSync(lock, { force: true });
  process.once('exit', release);
  work();
  process.off('exit', release);
  release();
}

function takeLock(lock) {
  try {
    writeFileSync(lock, String(process.pid), { flag: 'wx' });
    return true;
  } catch (error) {
    if (error.code !== 'EEXIST') fail(`cannot write ${lock}: ${error.message}`);
  }
  try {
    const holder = Number(readFileSync(lock, 'utf8'));
    // 0: its holder is about to write its number
    if (holder > 0 && !isAlive(holder)) rmSync(lock, { force: true });
  } catch {
    // released in the meantime
  }
  return false;
}

function isAlive(pid) {
  try {
    return process.kill(pid, 0);
  } catch (error) {
    return error.code === 'EPERM';
  }
}

function isWritable(path) {
  try {
    accessSync(path, constants.W_OK);
    return true;
  } catch {
    return false;
  }
}
