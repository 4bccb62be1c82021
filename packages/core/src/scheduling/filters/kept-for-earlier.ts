import type { Filter } from './filter.ts';

/**
 * Room in a KV cache that a job waits for whose turn came first is not given to what comes after it in the same plan: a
 * long prompt would otherwise wait for ever behind short ones that always fit.
 */
export const keptForEarlier: Filter<'KEPT_FOR_EARLIER'> = {
  code: 'KEPT_FOR_EARLIER',
  scope: 'lane',
  passes: 'by-itself',
  wantOfRoom: true,
  refuses: (job, { keptForEarlier: earlier }) =>
    earlier === undefined || earlier === job.id
      ? undefined
      : `kept free for ${earlier}, whose turn came first`,
};
