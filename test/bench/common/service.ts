import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';

/** One of the platform's services as it runs in production: its own process, from its own main.ts. */
export interface Service {
  /** Of its HTTP face, or of its health and metrics. */
  readonly port: number;
  readonly pid: number;
  /** User and system time so far, in µs, by its own /metrics. */
  cpuMicros(): Promise<number>;
  close(): Promise<void>;
}

export interface ServiceOptions {
  /** The folder under services/. */
  readonly name: string;
  readonly redisUrl: string;
  readonly configPath: string;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Of Node itself. */
  readonly nodeArgs?: readonly string[];
}

const END_LIMIT_MS = 15_000;

/** Resolves when the service says that it has started; rejects when it ends before that. */
export async function startService(options: ServiceOptions): Promise<Service> {
  const main = fileURLToPath(new URL(`../../../services/${options.name}/src/main.ts`, import.meta.url));
  const child = spawn(process.execPath, [...(options.nodeArgs ?? []), main], {
    env: {
      ...options.env,
      REDIS_URL: options.redisUrl,
      SPILLWAY_CONFIG: options.configPath,
      SPILLWAY_LEASH: 'stdin',
      LOG_LEVEL: 'warn',
      HOST: '127.0.0.1',
      PORT: '0',
      OPS_PORT: '0',
    },
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  const exited = once(child, 'exit');
  const started = Promise.withResolvers<number>();
  exited.then(
    () => started.reject(new Error(`${options.name} ended before it had started`)),
    (error: unknown) => started.reject(error instanceof Error ? error : new Error(String(error))),
  );
  createInterface({ input: child.stdout }).on('line', (line) => {
    const port = startedPort(line);
    if (port === undefined) process.stderr.write(`${line}\n`);
    else started.resolve(port);
  });
  const port = await started.promise;
  return {
    port,
    pid: child.pid ?? 0,
    cpuMicros: async () => {
      const text = await (await fetch(`http://127.0.0.1:${port}/metrics`)).text();
      return 1e6 * Number(/^process_cpu_seconds_total(?:\{[^}]*\})? ([\d.e+-]+)/m.exec(text)?.[1]);
    },
    close: async () => {
      const overdue = setTimeout(() => child.kill('SIGKILL'), END_LIMIT_MS);
      child.kill('SIGTERM');
      await exited;
      clearTimeout(overdue);
    },
  };
}

function startedPort(line: string): number | undefined {
  const port = /"event":"service\.started".*?"port":(\d+)/.exec(line)?.[1];
  return port === undefined ? undefined : Number(port);
}
