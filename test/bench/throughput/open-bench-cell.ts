import { type Cell, openCell } from '@spillway/redis';

/** The default cell, as a worker opens it; what it has to say goes to standard error. */
export function openBenchCell(redisUrl: string, stack: AsyncDisposableStack): Promise<Cell> {
  return openCell(
    { url: redisUrl, cell: '0', role: 'background', replicas: 0, onError: tell, onNotDurable: tell },
    stack,
  );
}

const tell = (what: unknown): void => void process.stderr.write(`${String(what)}\n`);
