import type { Assignment, BackendId, JobId } from '@spillway/core';
import { expect, test } from 'vitest';
import { createPrefillClock } from './prefill-clock.ts';

const gpu = 'gpu-0' as BackendId;
const given = (id: string, finishAtMs: number, location: 'local' | 'cloud' = 'local') =>
  ({
    job: { id },
    backendId: gpu,
    location,
    prediction: { finishAtMs, decodeMs: 400 },
  }) as unknown as Assignment;
const dispatched = (id: string) => ({ jobId: id as JobId, backendId: gpu, fence: 1 });

test('an engine is busy with prompts until the last one it was really given is computed', () => {
  const clock = createPrefillClock();
  expect(clock.busyUntilMs(gpu)).toBeUndefined();
  clock.note([given('a', 1000), given('b', 2000), given('c', 9000)], [dispatched('a'), dispatched('b')]);
  expect(clock.busyUntilMs(gpu)).toBe(1600);
  clock.note([given('d', 1200)], [dispatched('d')]);
  expect(clock.busyUntilMs(gpu)).toBe(1600);
});

test('a cloud backend computes prompts side by side', () => {
  const clock = createPrefillClock();
  clock.note([given('a', 1000, 'cloud')], [dispatched('a')]);
  expect(clock.busyUntilMs(gpu)).toBeUndefined();
});
