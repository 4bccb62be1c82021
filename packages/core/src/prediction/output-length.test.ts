import { describe, expect, test } from 'vitest';
import type { TenantId } from '../id/name.ts';
import {
  openLengthBook,
  type OutputLength,
  outputLengthKey,
  type OutputLengths,
  predictOutput,
  UNKNOWN_LENGTH,
} from './output-length.ts';

const acme = 'acme' as TenantId;
const lengthOf = (p50: number, samples = 8): OutputLength => ({
  p50,
  p90: 3 * p50,
  mean: 1.5 * p50,
  samples,
});

describe('the key of a length', () => {
  test('tells tenants, models and tasks apart, whatever a model is called', () => {
    const keys = [
      outputLengthKey(acme, 'm', 'chat'),
      outputLengthKey(acme, 'm', '*'),
      outputLengthKey('*', 'm', '*'),
      outputLengthKey(acme, 'm chat', '*'),
      outputLengthKey(acme, 'm%20chat', '*'),
    ];
    expect(new Set(keys).size).toBe(keys.length);
    expect(keys[0]).toBe('acme m chat');
  });
});

describe('what is predicted', () => {
  const known: OutputLengths = new Map([
    [outputLengthKey(acme, 'm', 'chat'), lengthOf(10)],
    [outputLengthKey(acme, 'm', 'new'), lengthOf(20, 7)],
    [outputLengthKey(acme, 'm', '*'), lengthOf(30)],
    [outputLengthKey('*', 'm', '*'), lengthOf(40)],
  ]);

  test('is the most particular length that enough answers have shown', () => {
    const other = 'other' as TenantId;
    expect(predictOutput(known, acme, 'm', 'chat', Infinity)).toEqual(lengthOf(10));
    expect(predictOutput(known, acme, 'm', 'new', Infinity)).toEqual(lengthOf(30));
    expect(predictOutput(known, other, 'm', 'chat', Infinity)).toEqual(lengthOf(40));
    expect(predictOutput(known, acme, 'other', 'chat', Infinity)).toEqual(UNKNOWN_LENGTH);
  });

  test('is never more than the request allows', () => {
    expect(predictOutput(known, acme, 'm', 'chat', 30)).toEqual(lengthOf(10));
    expect(predictOutput(known, acme, 'm', 'chat', 12)).toEqual({ p50: 10, p90: 12, mean: 12, samples: 8 });
    expect(predictOutput(known, acme, 'm', 'chat', 0)).toEqual({ p50: 0, p90: 0, mean: 0, samples: 8 });
  });

  test('holds for a mean above the 90th percentile, too', () => {
    const skewed: OutputLength = { p50: 5, p90: 10, mean: 50, samples: 20 };
    const lengths: OutputLengths = new Map([[outputLengthKey('*', 'm', '*'), skewed]]);
    expect(predictOutput(lengths, acme, 'm', 'chat', 20)).toEqual({ ...skewed, mean: 20 });
  });

  test('is the same from a book that is asked often as for those who ask once', () => {
    const book = openLengthBook(known);
    for (const mostTokens of [Infinity, 30, 12, 0]) {
      for (const task of ['chat', 'new', 'other', 'chat']) {
        expect(book.predict(acme, 'm', task, mostTokens)).toEqual(
          predictOutput(known, acme, 'm', task, mostTokens),
        );
      }
    }
    expect(openLengthBook(new Map()).predict('*', 'm', '*', Infinity)).toEqual(UNKNOWN_LENGTH);
  });
});
