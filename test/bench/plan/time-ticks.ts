import type { BenchRedis } from '../common/bench-redis.ts';
import type { LiveCell } from './live-cell.ts';
import type { TickParts } from './live-tick.ts';

/** What one tick cost, and what Redis did for it. */
export interface TickCost extends TickParts {
  /** Redis commands it took, those inside its scripts included. */
  readonly commands: number;
  /** Time Redis spent in its scripts, in µs. */
  readonly scriptMicros: number;
}

/** Ticks again and again; before each of them workers end so many jobs, and as many come in. */
export async function timeTicks(
  { client }: Pick<BenchRedis, 'client'>,
  cell: LiveCell,
  tick: () => Promise<TickParts>,
  { ticks, freed, signal }: { readonly ticks: number; readonly freed: number; readonly signal: AbortSignal },
): Promise<readonly TickCost[]> {
  const costs: TickCost[] = [];
  while (costs.length < ticks) {
    signal.throwIfAborted();
    await cell.free(freed);
    await cell.fill(freed);
    await cell.beat();
    await client.config('RESETSTAT');
    const parts = await tick();
    const stats = commandsOf(await client.info('commandstats'));
    const scripts = stats.filter(({ name }) => name === 'evalsha' || name === 'eval');
    costs.push({
      ...parts,
      commands: sum(stats.filter(({ name }) => !name.startsWith('config')).map(({ calls }) => calls)),
      scriptMicros: sum(scripts.map(({ micros }) => micros)),
    });
  }
  return costs;
}

const commandsOf = (info: string) =>
  Array.from(info.matchAll(/cmdstat_([^:]+):calls=(\d+),usec=(\d+)/g), ([, name = '', calls, micros]) => ({
    name,
    calls: Number(calls),
    micros: Number(micros),
  }));

const sum = (values: readonly number[]): number => values.reduce((total, value) => total + value, 0);
