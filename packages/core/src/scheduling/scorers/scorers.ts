import { cost } from './cost.ts';
import { headroom } from './headroom.ts';
import { preference } from './preference.ts';
import type { Scorer } from './scorer.ts';

export const SCORERS: readonly Scorer[] = [cost, headroom, preference];
