import { describe, expect, test } from 'vitest';
import { SEPARATOR } from './parse-job-view.ts';
import { readSnapshot } from './read-snapshot.ts';

const KEY = 'standard:small:acme:open';
const view = ['0', '1000', '1000', '9000', 'c a m8 74 chat', '', '0', ''].join(SEPARATOR);
const descriptor = JSON.stringify({
  kind: 'vllm',
  location: 'local',
  models: ['small'],
  endpoints: ['/v1/chat/completions'],
  simulated: true,
  draining: false,
});
const backend = (...pinnedDue: [string, string, string]) =>
  ['gpu', descriptor, '1000', '4', 1, '300', '0', 0, ...pinnedDue] as const;
const lane = (...counts: readonly string[]) => [KEY, ...counts].join(SEPARATOR);

const read = (
  lanes: readonly (readonly string[])[],
  {
    backends = [],
    fresh = [],
  }: { readonly backends?: readonly unknown[]; readonly fresh?: readonly unknown[] } = {},
) => readSnapshot([5000, backends, lanes, fresh, []]);

describe('lanes', () => {
  test('have their jobs in the order in which they stand', () => {
    const snapshot = read([[lane('7', '5600', '12.5'), 'job_1', view, 'job_2', view]]);
    expect(snapshot).toMatchObject({
      lanes: [{ key: KEY, depth: 7, inputTokens: 5600, head: [{ id: 'job_1' }, { id: 'job_2' }] }],
      virtualTokens: new Map([['acme', 12.5]]),
      unreadable: [],
    });
  });

  test.each([[['many', '0', '0']], [['1', 'many', '0']], [['1']]])(
    'whose figures are %j are left out and named',
    (counts) => {
      const { lanes, unreadable } = read([[lane(...counts), 'job_1', view]]);
      expect(lanes).toEqual([]);
      expect(unreadable).toEqual([`lane ${KEY}`]);
    },
  );

  test('of a tenant whose counter is no number owe nothing', () => {
    expect(read([[lane('1', '800', 'much'), 'job_1', view]]).virtualTokens).toEqual(new Map([['acme', 0]]));
  });
});

test('a job of another version is named once, and told of apart where it is fresh', () => {
  const odd = view.replace('c a', '? a');
  const snapshot = read([[lane('2', '1600', '0'), 'job_1', odd, 'job_2', view]], {
    fresh: [
      [KEY, 0, 'job_1', odd],
      [KEY, 1, 'job_2', view],
    ],
  });
  expect(snapshot).toMatchObject({
    lanes: [{ head: [{ id: 'job_2' }] }],
    fresh: [{ laneKey: KEY, ahead: 1, job: { id: 'job_2' } }],
    unreadable: ['job job_1'],
    unreadableFresh: ['job_1'],
  });
});

test('a backend that makes room for a pinned job brings the counter of its tenant', () => {
  expect(read([], { backends: [backend('8000', 'other', '7.5')] })).toMatchObject({
    backends: [{ id: 'gpu', pinnedDue: { atMs: 8000, tenantId: 'other' } }],
    virtualTokens: new Map([['other', 7.5]]),
  });
  const { backends, virtualTokens } = read([], { backends: [backend('', '', '')] });
  expect(backends[0]).not.toHaveProperty('pinnedDue');
  expect(virtualTokens.size).toBe(0);
});

test.each([
  ['a lane without a name', [5000, [], [[]], [], []], 'invalid_type'],
  ['a part too few', [5000, [], [], []], 'too_small'],
  ['no time', ['never', [], [], [], []], 'invalid_type'],
])('an answer with %s is refused whole', (_what, reply, why) => {
  expect(() => readSnapshot(reply)).toThrow(why);
});
