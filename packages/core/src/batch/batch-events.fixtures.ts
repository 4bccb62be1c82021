import type { BatchEvent } from './transition-batch.ts';

/** Every event, in every shape that decides where it leads. */
export const BATCH_EVENTS = {
  validated: { kind: 'validated' },
  rejected: { kind: 'rejected' },
  'cancel requested': { kind: 'cancel-requested' },
  'lines ended': { kind: 'lines-ended' },
  'finalised, every line with its outcome': { kind: 'finalised', unfinished: 0 },
  'finalised with unfinished lines': { kind: 'finalised', unfinished: 1 },
} as const satisfies Readonly<Record<string, BatchEvent>>;
export type BatchEventName = keyof typeof BATCH_EVENTS;
