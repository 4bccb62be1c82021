import { estimateTokens } from '@spillway/core';
import { clip } from './clip.ts';

/**
 * Puts the answers for parts together to texts that fit a step each, in order and numbered; one text is the last level.
 * Each text but the last holds two answers or more, so that every level has at most half the steps of the one below: an
 * answer of more than half a step's room loses its end.
 *
 * @param room of one step, in estimated tokens; 64 at least
 */
export function combineAnswers(answers: readonly string[], room: number): readonly string[] {
  const entries = answers.map((answer, index) => entry(answer, index, answers.length));
  const whole = entries.join(BETWEEN);
  if (estimateTokens(whole) <= room) return [whole];
  const [first = '', ...others] = answers.map((answer, index) =>
    entry(clip(answer, Math.floor(room / 2) - FRAME_TOKENS), index, answers.length),
  );
  const texts = [first];
  for (const next of others) {
    const joined = `${texts.at(-1)}${BETWEEN}${next}`;
    if (estimateTokens(joined) <= room) texts[texts.length - 1] = joined;
    else texts.push(next);
  }
  return texts;
}

const BETWEEN = '\n\n';
/** The number before an answer and the blank line after it. */
const FRAME_TOKENS = 12;

const entry = (answer: string, index: number, of: number): string =>
  `Answer ${index + 1} of ${of}:\n${answer}`;
