import { cost } from './cost.ts';
import { energy } from './energy.ts';
import { headroom } from './headroom.ts';
import { quality } from './quality.ts';
import { reliability } from './reliability.ts';
import type { Scorer } from './scorer.ts';
import { time } from './time.ts';

/** The strategy of a job has their weights. */
export const SCORERS: readonly Scorer[] = [time, cost, quality, reliability, headroom, energy];
