import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import type { Readable } from 'node:stream';
import { openLogFile } from './log-file.ts';

export interface LaunchOptions {
  readonly command: string;
  readonly args: readonly string[];
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly cwd?: string;
  /** Everything the process prints is appended here. */
  readonly logPath: string;
  /** How the process ends with this one, even when this one is killed: it watches its input itself, or a shell does. */
  readonly leash: 'stdin' | 'shell';
  /** Whether this line of its standard output says that it is ready. */
  readonly isReady: (line: string) => boolean;
}

export interface Exit {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
}

export interface RunningProcess {
  readonly pid: number;
  /** Resolves at the line that says ready; never, if that line never comes. */
  readonly ready: Promise<void>;
  readonly exited: Promise<Exit>;
  /** Sends a signal; does nothing once the process has exited. */
  kill(signal: NodeJS.Signals): void;
  /** The last lines it printed, for an error message. */
  tail(): string;
}

/**
 * Starts a process in a group of its own, so that Ctrl-C in the terminal reaches only the supervisor, which then ends
 * its children in order. Rejects when the program cannot be started.
 */
export async function launch(options: LaunchOptions): Promise<RunningProcess> {
  const { command, args, env, cwd, leash } = options;
  const log = openLogFile(options.logPath);
  const [program, ...parameters] =
    leash === 'shell' ? ['/bin/sh', '-c', LEASH, 'sh', command, ...args] : [command, ...args];
  const child = spawn(program ?? command, parameters, {
    env,
    detached: true,
    stdio: ['pipe', 'pipe', 'pipe', leash === 'shell' ? 'pipe' : 'ignore'],
    ...(cwd !== undefined && { cwd }),
  });
  const { stdin, stdout, stderr } = child;
  if (!stdin || !stdout || !stderr) throw new Error(`${command} was started without its pipes`);
  // a process that is gone breaks its pipe; its exit says so already
  stdin.on('error', () => {});

  const tail: string[] = [];
  const ready = Promise.withResolvers<void>();
  const note = (line: string): void => {
    tail.push(line);
    if (tail.length > TAIL_LINES) tail.shift();
  };
  readLines(
    stdout,
    (chunk) => log.write(chunk),
    (line) => {
      note(line);
      if (options.isReady(line)) ready.resolve();
    },
  );
  readLines(stderr, (chunk) => log.write(chunk), note);

  let gone = false;
  const exited = endOf(child).then((exit) => {
    gone = true;
    return exit;
  });
  child.once('close', () => void log.close());

  await once(child, 'spawn');
  const pid = leash === 'shell' ? await readPid(child) : child.pid;
  if (pid === undefined) throw new Error(`${command} ended at once: ${tail.join('\n')}`);
  return {
    pid,
    ready: ready.promise,
    exited,
    kill: (signal) => {
      if (!gone) send(pid, signal);
    },
    tail: () => tail.join('\n'),
  };
}

const TAIL_LINES = 20;
const MAX_LINE = 65_536;

/**
 * Runs "$@" and names its process id on descriptor 3. When the shell's input closes, because the supervisor let go
 * of it or was killed, it ends the program, three seconds later, so that services can drain while Redis and the engine
 * are there; when the program ends, so does the shell, with its exit code.
 */
const LEASH = `
exec 4<&0
"$@" </dev/null 3>&- 4<&- & program=$!
echo $program >&3; exec 3>&-
{ while read -r _ <&4; do :; done; sleep 3; kill $program 2>/dev/null; } >/dev/null 2>&1 & watch=$!
exec 4<&-
trap 'kill $program 2>/dev/null' TERM
wait $program; code=$?
while kill -0 $program 2>/dev/null; do wait $program; code=$?; done
kill $watch 2>/dev/null; wait $watch 2>/dev/null
exit $code`;

const endOf = (child: ChildProcess): Promise<Exit> =>
  new Promise((resolve) => {
    child.once('exit', (code, signal) => resolve({ code, signal }));
    child.once('error', () => resolve({ code: null, signal: null }));
  });

async function readPid(child: ChildProcess): Promise<number | undefined> {
  const pipe = child.stdio[3];
  if (!pipe || !('read' in pipe)) return undefined;
  let text = '';
  for await (const chunk of pipe) text += String(chunk);
  const pid = Number.parseInt(text, 10);
  return Number.isInteger(pid) ? pid : undefined;
}

function send(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(pid, signal);
  } catch {
    // it ended between the check and the signal
  }
}

function readLines(stream: Readable, write: (chunk: Buffer) => void, onLine: (line: string) => void): void {
  let rest = '';
  stream.on('data', (chunk: Buffer) => {
    write(chunk);
    const lines = (rest + chunk.toString('utf8')).split('\n');
    rest = (lines.pop() ?? '').slice(-MAX_LINE);
    for (const line of lines) onLine(line);
  });
}
