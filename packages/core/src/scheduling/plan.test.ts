import { describe, expect, test } from 'vitest';
import { given, numbers } from './plan.fixtures.ts';
import { plan } from './plan.ts';
import {
  aBackend,
  aCloud,
  aJob,
  aLane,
  aSnapshot,
  jobs,
  MODEL,
  NOW_MS,
  overflowPolicy,
} from './snapshot.fixtures.ts';

describe('local first', () => {
  test('a job goes to a local backend, however cheap and idle the cloud is', () => {
    const busy = aBackend('gpu-0', { held: 3 });
    const free = aCloud('cloud-0', { price: { inputUsdPerMillion: 0, outputUsdPerMillion: 0 } });
    const overflowing = new Map([[MODEL, 5]]);
    const result = plan(aSnapshot([free, busy], [aLane(jobs(1), { depth: 30 })], { overflowing }));
    expect(given(result)).toEqual(['1 → gpu-0']);
    expect(result.assignments[0]).toMatchObject({
      location: 'local',
      model: MODEL,
      virtualTokens: 200,
      explanation: { rank: 1, depth: 30, trigger: 'local', overflowing: true },
    });
  });

  test('the better local backend gets the job, and the explanation says against what', () => {
    const result = plan(aSnapshot([aBackend('gpu-0', { held: 2 }), aBackend('gpu-1')], [aLane(jobs(1))]));
    expect(given(result)).toEqual(['1 → gpu-1']);
    expect(result.assignments[0]?.explanation).toMatchObject({
      why: expect.stringMatching(
        /^local backend with room, ready in about 0\.9 s, rather than gpu-0 \(0\.9 s\)$/,
      ) as string,
      candidates: [
        { backendId: 'gpu-0', kind: 'scored', components: { cost: 1, headroom: 0.5 } },
        { backendId: 'gpu-1', kind: 'scored' },
      ],
    });
  });

  test('between equal backends the id decides, not the order in which they are listed', () => {
    const [a, b] = [aBackend('gpu-a'), aBackend('gpu-b')];
    expect(given(plan(aSnapshot([b, a], [aLane(jobs(2))])))).toEqual(['1 → gpu-a', '2 → gpu-b']);
    expect(given(plan(aSnapshot([a, b], [aLane(jobs(2))])))).toEqual(['1 → gpu-a', '2 → gpu-b']);
  });

  test('of several models a backend runs the one the group names first', () => {
    const backend = aBackend('gpu-0', { models: ['small', 'large'] });
    const modelGroups = new Map([['best', ['large', 'small']]]);
    const result = plan(aSnapshot([backend], [aLane(jobs(1), { modelGroup: 'best' })], { modelGroups }));
    expect(result.assignments).toMatchObject([{ model: 'large' }]);
  });
});

describe('late binding', () => {
  test('a backend gets no more than its free slots, the first job that waits says why, the rest is silent', () => {
    const result = plan(aSnapshot([aBackend('gpu-0', { held: 1 })], [aLane(jobs(20))]));
    expect(given(result)).toHaveLength(3);
    expect(numbers(result.holds)).toEqual([4]);
    expect(result.holds[0]?.explanation).toMatchObject({
      rank: 4,
      depth: 17,
      why: 'gpu-0: holds 4 of 4 jobs',
      candidates: [{ backendId: 'gpu-0', kind: 'refused', code: 'CONCURRENCY' }],
    });
  });

  test('what the plan gives a backend counts against its KV cache', () => {
    const backend = aBackend('gpu-0', { kvCapacityTokens: 500 });
    const result = plan(aSnapshot([backend], [aLane(jobs(4))]));
    expect(given(result)).toHaveLength(3);
    expect(result.holds[0]?.explanation.why).toBe('gpu-0: would promise 600 of 450 KV tokens');
  });

  test('a job that needs more than the headroom runs alone, or waits until it can', () => {
    const long = aJob(1, { inputTokens: 800, outputTokens: 150 });
    const idle = aBackend('gpu-0', { kvCapacityTokens: 1000 });
    expect(given(plan(aSnapshot([idle], [aLane([long, ...jobs(2, 2)])])))).toEqual(['1 → gpu-0']);
    const busy = { ...idle, held: 1, heldTokens: 10 };
    const waiting = plan(aSnapshot([busy], [aLane([long, ...jobs(2, 2)])]));
    expect(given(waiting)).toEqual([]);
    expect(numbers(waiting.holds)).toEqual([1]);
  });

  test('jobs of one lane held for the same reasons are told of once, also where the reason is their own', () => {
    const full = aBackend('gpu-0', { held: 4 });
    const head = jobs(50, 1, { strategy: 'self_hosted_only' });
    const result = plan(aSnapshot([full, aCloud('cloud-0')], [aLane(head)]));
    expect(numbers(result.holds)).toEqual([1]);
  });

  test('a job nobody may take now does not stand in the way of one behind it', () => {
    const small = aBackend('gpu-0', { contextTokens: 1000 });
    const large = aBackend('gpu-1', { held: 4 });
    const long = aJob(1, { inputTokens: 5000 });
    const result = plan(aSnapshot([small, large], [aLane([long, aJob(2)])]));
    expect(given(result)).toEqual(['2 → gpu-0']);
    expect(numbers(result.holds)).toEqual([1]);
  });

  test('a model nobody serves holds its lane and no other; without any backend all wait', () => {
    const lanes = [aLane(jobs(2), { modelGroup: 'unheard-of', jobClass: 'interactive' }), aLane(jobs(1, 3))];
    const result = plan(aSnapshot([aBackend('gpu-0')], lanes));
    expect(given(result)).toEqual(['3 → gpu-0']);
    expect(result.holds[0]?.explanation.why).toBe('gpu-0: serves none of the models asked for');
    expect(plan(aSnapshot([], lanes)).holds.map(({ explanation }) => explanation.why)).toEqual([
      'no backend is configured',
      'no backend is configured',
    ]);
  });
});

describe('pinned', () => {
  test('a pinned job never goes to a cloud backend, not even while its group overflows', () => {
    const backends = [aBackend('gpu-0', { held: 4 }), aCloud('cloud-0')];
    const pinned = aLane(jobs(3), { pinned: true });
    const open = aLane(jobs(3, 4));
    const overflowing = new Map([[MODEL, 5]]);
    const policy = overflowPolicy({ leave: 0 });
    const result = plan(aSnapshot(backends, [pinned, open], { overflowing, policy }));
    expect(given(result)).toEqual(['4 → cloud-0', '5 → cloud-0', '6 → cloud-0']);
    expect(numbers(result.holds)).toEqual([1]);
    expect(result.holds[0]?.explanation.why).toContain('cloud-0: the job is pinned to local backends');
  });

  test('a pinned job whose model only the cloud serves waits', () => {
    const result = plan(aSnapshot([aCloud('cloud-0')], [aLane(jobs(1), { pinned: true })]));
    expect(result).toMatchObject({ assignments: [], rejections: [] });
    expect(numbers(result.holds)).toEqual([1]);
  });

  test('the last local slot goes to the pinned job, the other may overflow', () => {
    const backends = [aBackend('gpu-0', { held: 3 }), aCloud('cloud-0')];
    const lanes = [aLane(jobs(1), { depth: 50 }), aLane(jobs(1, 2), { pinned: true })];
    expect(given(plan(aSnapshot(backends, lanes)))).toEqual(['2 → gpu-0', '1 → cloud-0']);
  });
});

describe('overflow', () => {
  const backends = [aBackend('gpu-0', { held: 4 }), aCloud('cloud-0', { slots: 100 })];

  test('begins above `enter`, gives the cloud only what brings the depth below `leave`, and then ends', () => {
    const result = plan(aSnapshot(backends, [aLane(jobs(41))]));
    expect(given(result)).toHaveLength(32);
    expect(result.assignments[0]).toMatchObject({
      location: 'cloud',
      explanation: {
        overflowing: true,
        trigger: 'depth',
        why: expect.stringMatching(
          /^overflow: 41 jobs wait: overflow began above 40 and ends below 10 .*; ready in about/,
        ) as string,
      },
    });
    expect(result.holds).toMatchObject([{ explanation: { depth: 9, overflowing: false, trigger: 'local' } }]);
    expect(result.overflowing).toEqual(new Map());
  });

  test('is remembered while it lasts', () => {
    const few = [aBackend('gpu-0', { held: 4 }), aCloud('cloud-0', { slots: 5 })];
    const first = plan(aSnapshot(few, [aLane(jobs(41))]));
    expect(given(first)).toHaveLength(5);
    expect(first.overflowing).toEqual(new Map([[MODEL, NOW_MS]]));
    const { overflowing } = first;
    const second = plan(aSnapshot(few, [aLane(jobs(36, 6))], { overflowing }));
    expect(given(second)).toHaveLength(5);
    expect(given(plan(aSnapshot(few, [aLane(jobs(36, 6))])))).toEqual([]);
  });

  test('counts all lanes of a group, and no other group', () => {
    const modelGroups = new Map([
      [MODEL, [MODEL]],
      ['other', [MODEL]],
    ]);
    const half = [aLane(jobs(1), { depth: 25 }), aLane(jobs(1, 2), { depth: 25, jobClass: 'batch' })];
    expect(given(plan(aSnapshot(backends, half)))).toHaveLength(2);
    const apart = half.map((lane, index) => (index === 0 ? lane : { ...lane, modelGroup: 'other' }));
    expect(given(plan(aSnapshot(backends, apart, { modelGroups })))).toEqual([]);
  });

  test('a cheaper cloud backend is preferred', () => {
    const dear = aCloud('cloud-0', { price: { inputUsdPerMillion: 10, outputUsdPerMillion: 30 } });
    const result = plan(aSnapshot([dear, aCloud('cloud-1')], [aLane(jobs(1))]));
    expect(given(result)).toEqual(['1 → cloud-1']);
    expect(result.assignments[0]?.explanation.why).toMatch(
      /^cloud: no local backend serves this model; ready in about 1\.6 s, rather than cloud-0 \(1\.6 s\)$/,
    );
  });

  test('a job for the cloud only is not kept behind one that waits for overflow', () => {
    const head = [...jobs(2), aJob(3, { strategy: 'cloud_only' }), ...jobs(2, 4)];
    const result = plan(aSnapshot(backends, [aLane(head)]));
    expect(given(result)).toEqual(['3 → cloud-0']);
    expect(result.assignments[0]?.explanation).toMatchObject({
      trigger: 'strategy',
      why: 'cloud: the job asks for cloud_only; ready in about 1.6 s',
    });
    expect(numbers(result.holds)).toEqual([1]);
  });

  test('a job too long for local hardware goes to the cloud rather than wait for nothing', () => {
    const small = aBackend('gpu-0', { contextTokens: 1000 });
    const result = plan(
      aSnapshot([small, aCloud('cloud-0')], [aLane([aJob(1, { inputTokens: 5000 }), aJob(2)])]),
    );
    expect(given(result)).toEqual(['1 → cloud-0', '2 → gpu-0']);
  });
});
