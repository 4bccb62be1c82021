import type { Filter } from './filter.ts';

/** The cloud is for what local backends cannot do in time: `overflow/` decides when that is. */
export const overflowClosed: Filter = {
  code: 'OVERFLOW_CLOSED',
  scope: 'job',
  refuses: (_job, backend, { overflow }) =>
    backend.location === 'cloud' && !overflow.open ? overflow.because() : undefined,
};
