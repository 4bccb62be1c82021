import type { Filter } from './filter.ts';

/** Its engine or provider answers, and a worker of it has been heard of lately. */
export const health: Filter<'HEALTH'> = {
  code: 'HEALTH',
  scope: 'lane',
  passes: 'perhaps',
  wantOfRoom: true,
  refuses: (_job, backend) =>
    backend.health.kind === 'up'
      ? undefined
      : `${backend.health.because} for ${Math.round(backend.health.forMs / 1000)} s`,
};
