import { isLastChance } from '../../job/rescue.ts';
import type { Filter } from './filter.ts';

/**
 * Computes: refuses a job on its last chance (`rescues >= maxRescues - 1`) where `suspects >= 1`, what the plan has
 * given the backend so far included.
 *
 * Intent: a job that kills its worker or engine takes those beside it along, and they are counted as it is. Of the
 * jobs that died together once too few, each runs beside no other of them the last time: the killer fails alone, the
 * innocent come through. Jobs that still have chances run beside it as ever.
 *
 * Reads: `job.rescues`, `backend.suspects`.
 *
 * Range: refuses or keeps. The jobs behind may fare better, so its scope is the job; no suspect is passed over for
 * ever, because it keeps its rank and the one before it ends or is given up.
 *
 * Tuned by: `policy.maxRescues`.
 */
export const lastChanceAlone: Filter<'LAST_CHANCE_ALONE'> = {
  code: 'LAST_CHANCE_ALONE',
  scope: 'job',
  passes: 'by-itself',
  wantOfRoom: false,
  refuses: ({ rescues }, { suspects }, { policy }) =>
    suspects > 0 && isLastChance(rescues, policy.maxRescues)
      ? `holds another job on its last chance, as this one is after ${rescues} crashes`
      : undefined,
};
