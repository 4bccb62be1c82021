import { estimateTokens } from '@spillway/core';

/** The beginning of a text, as much of it as so many estimated tokens are. */
export function clip(text: string, maxTokens: number): string {
  if (estimateTokens(text) <= maxTokens) return text;
  let fits = 0;
  let tooLong = text.length;
  while (tooLong - fits > 1) {
    const middle = Math.floor((fits + tooLong) / 2);
    if (estimateTokens(text.slice(0, middle)) <= maxTokens) fits = middle;
    else tooLong = middle;
  }
  // No pair is parted: its second half adds no tokens.
  return text.slice(0, fits);
}
