import type { Filter } from './filter.ts';

/** The cloud is for what local backends cannot do in time: `overflow/` decides when that is. */
export const overflowClosed: Filter<'OVERFLOW_CLOSED'> = {
  code: 'OVERFLOW_CLOSED',
  scope: 'job',
  passes: 'perhaps',
  wantOfRoom: false,
  refuses: (_job, backend, { overflow }) =>
    backend.location === 'cloud' && !overflow.open ? overflow.because() : undefined,
};
