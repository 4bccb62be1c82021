import { expect, test } from 'vitest';
import { clip } from './clip.ts';

test.each([
  ['a text that fits is whole', 'Title\n\nbody', 4, 'Title\n\nbody'],
  ['one that does not ends where the tokens do', 'Title\n\nwords without an end', 4, 'Title\n\nwords wit'],
  ['no character is parted', '😀😀😀', 1, '😀😀'],
  ['of no tokens nothing is left', 'text', 0, ''],
])('%s', (_what, text, tokens, beginning) => {
  expect(clip(text, tokens)).toBe(beginning);
});
