import { JOB_CLASSES, type JobClass } from '@spillway/core';
import type { ClassMix } from '@spillway/simulation';
import { InvalidArgumentError } from 'commander';

/** Readers of the options that shape a trace: each throws commander's error, which names the option. */
export function parseFactor(raw: string): number {
  const factor = Number(raw);
  if (/^\d+(?:\.\d+)?$/.test(raw) && factor > 0 && factor <= 1000) return factor;
  throw new InvalidArgumentError('Give a number above 0, such as 1.5.');
}

export function parseShare(raw: string): number {
  const share = Number(raw);
  if (/^\d+(?:\.\d+)?$/.test(raw) && share <= 1) return share;
  throw new InvalidArgumentError('Give a share from 0 to 1, such as 0.15.');
}

export function parseSeed(raw: string): number {
  const seed = Number(raw);
  if (/^\d{1,9}$/.test(raw)) return seed;
  throw new InvalidArgumentError('Give a whole number.');
}

/** Runs of one policy that a comparison may have. */
const MAX_SEEDS = 100;

export function parseSeeds(raw: string): number {
  const seeds = Number(raw);
  if (/^\d{1,9}$/.test(raw) && seeds >= 1 && seeds <= MAX_SEEDS) return seeds;
  throw new InvalidArgumentError(`Give a whole number from 1 to ${MAX_SEEDS}.`);
}

const MIX_HELP = `Give shares that add up to 1: ${JOB_CLASSES.map((name) => `${name}=…`).join(',')}.`;

/** interactive=0.5,standard=0.3,batch=0.2; a class that is left out has no jobs. */
export function parseMix(raw: string): ClassMix {
  const shares: Record<JobClass, number> = { interactive: 0, standard: 0, batch: 0 };
  for (const part of raw.split(',')) {
    const [, name, share] = /^(\w+)=(\d+(?:\.\d+)?)$/.exec(part.trim()) ?? [];
    const jobClass = JOB_CLASSES.find((one) => one === name);
    if (jobClass === undefined) throw new InvalidArgumentError(MIX_HELP);
    shares[jobClass] += Number(share);
  }
  const sum = Object.values(shares).reduce((total, share) => total + share, 0);
  if (Math.abs(sum - 1) > 1e-6)
    throw new InvalidArgumentError(`${MIX_HELP} These add up to ${Number(sum.toFixed(6))}.`);
  return shares;
}
