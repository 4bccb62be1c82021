import { expect, test } from 'vitest';
import { assumedOfBackends } from './assumed-of-backends.ts';

const ofGpus = (count: number, text: string) =>
  Array.from({ length: count }, (_, index) => ({ id: `gpu-${index}`, text }));

test('what is assumed of one backend is a sentence about it', () => {
  expect(assumedOfBackends(ofGpus(1, 'is quick'))).toEqual(['gpu-0 is quick']);
});

test('what is assumed of several is one line', () => {
  expect(assumedOfBackends([...ofGpus(3, 'is quick'), { id: 'cloud', text: 'is slow' }])).toEqual([
    'gpu-0, gpu-1, gpu-2: each is quick',
    'cloud is slow',
  ]);
});

test('of many, the first, the last and their number are told', () => {
  expect(assumedOfBackends(ofGpus(100, 'is quick'))).toEqual([
    'gpu-0 … gpu-99 (100 backends): each is quick',
  ]);
});
