import { expect, test } from 'vitest';
import { newSequence } from './engine.ts';
import { SequenceQueue } from './sequence-queue.ts';

test('thousands pass through in order, and whoever is put back in front is next', () => {
  const queue = new SequenceQueue();
  const sequences = Array.from({ length: 5000 }, (_, owner) => newSequence(owner, 1, 1));
  for (const sequence of sequences) queue.push(sequence);
  const out: number[] = [];
  while (queue.head !== undefined) {
    out.push(queue.head.owner);
    queue.shift();
  }
  expect(out).toEqual(sequences.map(({ owner }) => owner));
  const [one, two, three] = [1, 2, 3].map((owner) => newSequence(owner, 1, 1));
  if (one === undefined || two === undefined || three === undefined) throw new Error('three');
  queue.push(three);
  queue.unshift(two);
  queue.unshift(one);
  queue.remove(two);
  expect([queue.head, queue.length]).toEqual([one, 2]);
  expect(() => {
    queue.remove(two);
  }).toThrow('does not wait');
});
