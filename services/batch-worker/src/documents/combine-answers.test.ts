import { estimateTokens } from '@spillway/core';
import { array, assert, integer, nat, property } from 'fast-check';
import { expect, test } from 'vitest';
import { combineAnswers } from './combine-answers.ts';

test('answers that fit stand in one text, in order and numbered', () => {
  expect(combineAnswers(['first', 'second'], 64)).toEqual([
    'Answer 1 of 2:\nfirst\n\nAnswer 2 of 2:\nsecond',
  ]);
});

test('a part that had nothing to say keeps its number', () => {
  expect(combineAnswers(['', 'second'], 64)).toEqual(['Answer 1 of 2:\n\n\nAnswer 2 of 2:\nsecond']);
});

test('whatever the answers, every text fits, none is lost, and each level has at most half the texts and one', () => {
  assert(
    property(
      array(nat(4000), { minLength: 2, maxLength: 60 }),
      integer({ min: 64, max: 900 }),
      (lengths, room) => {
        const answers = lengths.map((length, index) => `${index} ${'word '.repeat(length / 5)}`);
        const texts = combineAnswers(answers, room);
        expect(texts.length).toBeLessThanOrEqual(Math.ceil(answers.length / 2));
        for (const text of texts) expect(estimateTokens(text)).toBeLessThanOrEqual(room);
        const numbers = [...texts.join('\n\n').matchAll(/^Answer (\d+) of \d+:\n(\d+)\b/gmu)];
        expect(numbers.map(([, number, index]) => [Number(number), Number(index)])).toEqual(
          answers.map((_answer, index) => [index + 1, index]),
        );
      },
    ),
    { numRuns: 200 },
  );
});
