import { describe, expect, test } from 'vitest';
import { BATCH_EVENTS, type BatchEventName } from './batch-events.fixtures.ts';
import { BATCH_STATUSES, type BatchStatus, hasBatchEnded } from './status.ts';
import { type BatchEvent, transitionBatch } from './transition-batch.ts';

/** Where each event leads from each status; what is not named is illegal. */
const LEADS_TO: Readonly<Record<BatchEventName, Partial<Record<BatchStatus, BatchStatus>>>> = {
  validated: { validating: 'in_progress' },
  rejected: { validating: 'failed' },
  'cancel requested': {
    validating: 'cancelling',
    in_progress: 'cancelling',
    // asked twice, to the same effect
    cancelling: 'cancelling',
  },
  'lines ended': { in_progress: 'finalizing' },
  'finalised, every line with its outcome': { finalizing: 'completed', cancelling: 'cancelled' },
  // who cancelled knew that lines would be left
  'finalised with unfinished lines': { finalizing: 'expired', cancelling: 'cancelled' },
};

const events = Object.keys(BATCH_EVENTS) as readonly BatchEventName[];
const everyMove = BATCH_STATUSES.flatMap((from) => events.map((event) => ({ from, event })));

describe('transitionBatch', () => {
  test.each(everyMove)('$from, $event', ({ from, event }) => {
    const moved = transitionBatch(from, BATCH_EVENTS[event]);
    const illegal = { kind: 'illegal-batch-transition', from, event: BATCH_EVENTS[event].kind };
    expect(moved.ok ? moved.value : moved.error).toEqual(LEADS_TO[event][from] ?? illegal);
  });

  test.each(BATCH_STATUSES.filter(hasBatchEnded))('nothing follows %s', (from) => {
    expect(events.filter((event) => transitionBatch(from, BATCH_EVENTS[event]).ok)).toEqual([]);
  });

  test('an event nobody knows is a bug, not an illegal move', () => {
    const unknown: unknown = { kind: 'paused' };
    expect(() => transitionBatch('validating', unknown as BatchEvent)).toThrow('paused');
  });
});
