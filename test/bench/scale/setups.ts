import type { ScaleAsk } from './scale-ask.ts';

export interface Setup {
  readonly title: string;
  readonly loads: readonly number[];
  readonly ask: Omit<ScaleAsk, 'seed' | 'load'>;
}

export const LOADS = [0.8, 1, 1.5] as const;

const GPUS = 100;
/** More than this many wait for each engine: the depth rule of the overflow bench. */
const DEPTH = 20;

/**
 * One cell of many engines, tens of ten and as many of one, which share the same jobs; the first and the last of them
 * by the depth rule, too; one engine alone, for an hour; and the cell of many that nobody has seen at work yet.
 */
export function setupsOf(requests: number): Readonly<Record<SetupName, Setup>> {
  const policy = 'spillway';
  const pool = { policy, cells: 1, gpus: GPUS, tenants: 1000, requests, profiles: 'known' } as const;
  const split = { ...pool, cells: GPUS, gpus: 1 } as const;
  const inPool = { title: `1 cell of ${GPUS}`, loads: LOADS };
  const inCells = { title: `${GPUS} cells of 1, the same jobs`, loads: LOADS };
  return {
    pool: { ...inPool, ask: pool },
    tens: {
      title: '10 cells of 10, the same jobs',
      loads: LOADS,
      ask: { ...pool, cells: GPUS / 10, gpus: 10 },
    },
    split: { ...inCells, ask: split },
    poolByDepth: { ...inPool, ask: { ...pool, policy: byDepth(GPUS) } },
    splitByDepth: { ...inCells, ask: { ...split, policy: byDepth(1) } },
    alone: {
      title: '1 cell of 1, for an hour',
      loads: LOADS,
      ask: { ...pool, gpus: 1, tenants: 10, requests: requests / 2 },
    },
    cold: {
      title: `1 cell of ${GPUS}, cold start`,
      loads: [1],
      ask: { ...pool, requests: requests / 2, profiles: 'learned' },
    },
  };
}

type SetupName = 'pool' | 'tens' | 'split' | 'poolByDepth' | 'splitByDepth' | 'alone' | 'cold';

const byDepth = (engines: number): string => `priority-depth:${DEPTH * engines}`;
