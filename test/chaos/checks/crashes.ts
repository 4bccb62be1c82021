import type { Check } from './violation.ts';

/** Whatever dies around it, a process ends only when it is told to, and no rejection goes unhandled. */
export const crashes: Check = ({ crashes: found }) => found.map((detail) => ({ figure: 'crashes', detail }));
