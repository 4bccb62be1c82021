import { expect, test } from 'vitest';
import { seededRandom } from '../traces/seeded-random.ts';
import { EventQueue } from './event-queue.ts';

test('events come out by their instant, and those of one instant in the order they were put in', () => {
  const random = seededRandom(7, 'events');
  const queue = new EventQueue<{ readonly atMs: number; readonly order: number }>();
  const out: { readonly atMs: number; readonly order: number }[] = [];
  for (let order = 0; order < 2000; order += 1) {
    const atMs = (out.at(-1)?.atMs ?? 0) + Math.floor(random() * 20);
    queue.push(atMs, { atMs, order });
    if (random() < 0.4) out.push(queue.pop());
  }
  while (queue.length > 0) {
    expect(queue.nextAtMs).toBeGreaterThanOrEqual(out.at(-1)?.atMs ?? 0);
    out.push(queue.pop());
  }
  expect(out).toHaveLength(2000);
  expect(out).toEqual(out.toSorted((a, b) => a.atMs - b.atMs || a.order - b.order));
  expect(queue.nextAtMs).toBe(Number.POSITIVE_INFINITY);
  expect(() => queue.pop()).toThrow('no event');
});
