import { createPrefixIndex, plan } from '@spillway/core';
import { buildSnapshot } from '@spillway/planning';
import { aConfig, aJob, aLane, aState, aStore, gpu, NOW_MS } from '@spillway/planning/testing';
import { expect, test } from 'vitest';
import { forgetDown, noteDispatched } from './note-prefixes.ts';

const PREFIX = [11, 22, 33];

/** One job with a prefix, planned for an engine with room for so many tokens. */
function planned(kvCapacityTokens: number | undefined) {
  const prefixes = createPrefixIndex();
  const descriptor = {
    ...aState().descriptor,
    ...(kvCapacityTokens !== undefined && { kvCapacityTokens }),
  };
  const lanes = [aLane([aJob(1, { prefix: PREFIX })])];
  const snapshot = buildSnapshot(aStore({ backends: [aState({ descriptor })], lanes }), aConfig(), {
    sinceMs: NOW_MS,
    prefixes,
  });
  return { prefixes, snapshot, assignments: plan(snapshot).assignments };
}
const dispatched = [{ jobId: aJob(1).id, backendId: gpu, fence: 1 }];

test('what was dispatched is taken for cached, as far as the cache goes', () => {
  const { prefixes, assignments, snapshot } = planned(100_000);
  noteDispatched(prefixes, assignments, dispatched, snapshot);
  expect(prefixes.matchedBlocks(gpu, PREFIX)).toBe(3);
  const small = planned(2 * snapshot.policy.prefixBlockTokens + 1);
  noteDispatched(small.prefixes, small.assignments, dispatched, small.snapshot);
  expect(small.prefixes.matchedBlocks(gpu, PREFIX)).toBe(2);
});

test('what the commit refused is not, nor what an engine of unknown size was given', () => {
  const refused = planned(100_000);
  noteDispatched(refused.prefixes, refused.assignments, [], refused.snapshot);
  expect(refused.prefixes.size).toBe(0);
  const unknown = planned(undefined);
  noteDispatched(unknown.prefixes, unknown.assignments, dispatched, unknown.snapshot);
  expect(unknown.prefixes.size).toBe(0);
});

test('of an engine that went down nothing is taken for cached', () => {
  const { prefixes, assignments, snapshot } = planned(100_000);
  noteDispatched(prefixes, assignments, dispatched, snapshot);
  forgetDown(prefixes, snapshot);
  expect(prefixes.matchedBlocks(gpu, PREFIX)).toBe(3);
  const down = snapshot.backends.map((backend) => ({
    ...backend,
    health: { kind: 'down', forMs: 1, because: 'no /health' } as const,
  }));
  forgetDown(prefixes, { ...snapshot, backends: down });
  expect(prefixes.matchedBlocks(gpu, PREFIX)).toBe(0);
});
