import { expect, test } from 'vitest';
import { BATCH_STATUSES, hasBatchEnded } from './status.ts';

test('a batch has ended when nothing is left to do for it', () => {
  expect(BATCH_STATUSES.filter((status) => !hasBatchEnded(status))).toEqual([
    'validating',
    'in_progress',
    'finalizing',
    'cancelling',
  ]);
});
