import { expect, test } from 'vitest';
import { aConfig, gpu } from '@spillway/planning/testing';
import { openScheduling } from './testing/open-scheduling.ts';

test('a job far back in its lane is told once why it waits, with the reason of the first one', async () => {
  await using cell = await openScheduling(aConfig({ routing: { overflow: { mode: 'off' } } }));
  await cell.beat(gpu, 1);
  // told apart by their deadlines: two of one millisecond would stand in the order of their ids
  const ids = await Promise.all(
    [0, 1, 2, 3].map((late) => cell.submit({ deadlineMs: 60_000 + 1000 * late })),
  );
  await cell.tick();
  await cell.recordUnseen();
  const waiting = ids.slice(1);
  for (const id of waiting) {
    expect(await cell.decisions(id), 'nothing is told of a wait under a second').toEqual([]);
    await cell.waitedFor(id, 2000);
  }

  await cell.tick();
  await cell.recordUnseen();
  await cell.recordUnseen();
  const told = await Promise.all(waiting.map((id) => cell.decisions(id)));
  expect(told.map((decisions) => decisions.length)).toEqual([1, 1, 1]);
  const last = told[2]?.[0];
  expect(last).toMatchObject({
    action: 'hold',
    order: { rank: 3 },
    queue: { depth: 3 },
    candidates: [{ backend: gpu, refused_by: 'CONCURRENCY' }],
  });
  expect(last?.why).toBe(
    `waits behind 2 other jobs of its lane; for the first of them: ${gpu}: holds 1 of 1 jobs`,
  );
});

test('a job that moves on is not told afterwards that it waits', async () => {
  await using cell = await openScheduling(aConfig());
  const id = await cell.submit();
  await cell.waitedFor(id, 2000);
  await cell.beat(gpu, 1);
  await cell.tick();
  const before = await cell.decisions(id);
  await cell.recordUnseen();
  expect(await cell.decisions(id)).toEqual(before);
});
