import type { Filter } from './filter.ts';

/** The backend asked to be left alone for a while (`Retry-After`), or failed too often. */
export const cooling: Filter<'COOLING'> = {
  code: 'COOLING',
  scope: 'lane',
  passes: 'by-itself',
  wantOfRoom: true,
  refuses: (_job, backend, { nowMs }) =>
    backend.coolingUntilMs > nowMs
      ? `cooling down for another ${Math.ceil((backend.coolingUntilMs - nowMs) / 1000)} s`
      : undefined,
};
