import type { JobView, TenantId } from '@spillway/core';
import { expect, test } from 'vitest';
import { seededRandom } from '../traces/seeded-random.ts';
import { Lane } from './lane.ts';
import { jobIdOf, type SimJob } from './sim-job.ts';

function jobIn(lane: Lane, index: number, score: number): SimJob {
  const trace = {
    atMs: 0,
    tenant: 'a',
    jobClass: 'standard',
    pinned: false,
    inputTokens: 1,
    outputTokens: 1,
  } as const;
  const view: JobView = {
    id: jobIdOf(index),
    fence: 0,
    endpoint: '/v1/chat/completions',
    strategy: 'auto',
    task: 'chat',
    submittedAtMs: 0,
    queuedAtMs: 0,
    deadlineAtMs: 1,
    inputTokens: index,
    outputTokens: 1,
    prefix: [],
    rescues: 0,
    excluded: [],
  };
  return {
    index,
    trace,
    tenantId: lane.tenantId,
    lane,
    score,
    view,
    state: 'waiting',
    isFresh: false,
    holding: undefined,
    sequence: undefined,
    attempts: 0,
    beganAtMs: undefined,
  };
}

test('a lane is its jobs by score and arrival, whoever comes and goes where', () => {
  const random = seededRandom(11, 'lane');
  const lane = new Lane('standard', 'default', 'a' as TenantId, false);
  let waiting: SimJob[] = [];
  for (let index = 0; index < 6000; index += 1) {
    if (waiting.length > 0 && random() < 0.48) {
      // mostly the first, sometimes any
      const gone = waiting[random() < 0.8 ? 0 : Math.floor(random() * waiting.length)];
      if (gone === undefined) throw new Error('one of them');
      lane.remove(gone);
      waiting = waiting.filter((job) => job !== gone);
    } else {
      const job = jobIn(lane, index, Math.floor(random() * 500));
      lane.insert(job);
      waiting = [...waiting, job].toSorted((a, b) => a.score - b.score || a.index - b.index);
    }
    if (index % 40 !== 0) continue;
    const head = 1 + Math.floor(random() * 20);
    const { depth, inputTokens, head: shown } = lane.view(head);
    expect(shown.slice(0, head)).toEqual(waiting.slice(0, head).map(({ view }) => view));
    expect(depth).toBe(waiting.length);
    expect(inputTokens).toBe(waiting.reduce((sum, { view }) => sum + view.inputTokens, 0));
    const some = Math.floor(random() * waiting.length);
    expect(waiting.slice(some, some + 1).map((job) => lane.ahead(job))).toEqual(
      waiting.length === 0 ? [] : [some],
    );
  }
});

test('the view of a lane stays the same object while nothing changes', () => {
  const lane = new Lane('standard', 'default', 'a' as TenantId, false);
  lane.insert(jobIn(lane, 1, 5));
  const view = lane.view(4);
  expect([lane.view(4), lane.view(8)]).toEqual([view, view]);
  const job = jobIn(lane, 2, 1);
  lane.insert(job);
  expect(lane.view(4)).not.toBe(view);
  lane.remove(job);
  expect(() => {
    lane.remove(job);
  }).toThrow('does not wait');
});
