import { once } from 'node:events';

interface Simulator {
  readonly url: string;
  close(): Promise<void>;
}

/** Says on one line that a simulator listens, keeps it until SIGTERM or SIGINT, and closes it; further signals change nothing. */
export async function runSimulator(
  name: string,
  about: string,
  start: () => Promise<Simulator>,
): Promise<void> {
  const stop = new AbortController();
  const onSignal = (): void => {
    stop.abort();
  };
  process.on('SIGTERM', onSignal);
  process.on('SIGINT', onSignal);
  const simulator = await start();
  process.stdout.write(`${name} listening on ${simulator.url} (${about})\n`);
  if (!stop.signal.aborted) await once(stop.signal, 'abort');
  await simulator.close();
}
