import { estimateRequestTokens } from '@spillway/core';
import { expect, test } from 'vitest';
import { toRepairRequest } from './repair-request.ts';

const request = {
  model: 'small',
  messages: [{ role: 'user', content: 'Total: 7' }],
  max_tokens: 10,
};

test('the conversation goes on with the answer and what is wrong with it', () => {
  expect(toRepairRequest(request, '{}', ['the answer lacks total'], 1000)).toEqual({
    ...request,
    messages: [
      { role: 'user', content: 'Total: 7' },
      { role: 'assistant', content: '{}' },
      {
        role: 'user',
        content:
          'That answer does not follow the JSON Schema:\n- the answer lacks total\nAnswer again, with nothing but the corrected JSON.',
      },
    ],
  });
});

test.each([300, 60, 1])(
  'a long answer loses its end, so that %i tokens are enough where they can be',
  (tokens) => {
    const repair = toRepairRequest(
      request,
      'word '.repeat(5000),
      Array.from({ length: 10 }, () => 'x'.repeat(500)),
      tokens,
    );
    const { inputTokens } = estimateRequestTokens('/v1/chat/completions', repair);
    // What is wrong is told in any case.
    expect(inputTokens).toBeLessThanOrEqual(Math.max(tokens, 270));
  },
);
