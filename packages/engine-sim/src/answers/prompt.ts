import { simulatedDigest } from './digest.ts';

/** What an answer is made from: all text of the request, joined without a gap. */
export interface Prompt {
  readonly text: string;
  readonly digest: string;
  /** An estimate: four characters to a token, four tokens of frame around every message. */
  readonly tokens: number;
  /** The last message, for the echo in the answer. */
  readonly lastText: string;
}

export const FRAME_TOKENS = 4;
export const TOKEN_CHARACTERS = 4;

export const textTokens = (text: string): number => Math.ceil(text.length / TOKEN_CHARACTERS);

/** Reads the texts of one request, in order, as its prompt. */
export function promptFrom(texts: readonly string[]): Prompt {
  const text = texts.join('');
  const tokens = texts.reduce((sum, part) => sum + textTokens(part) + FRAME_TOKENS, 0);
  return { text, digest: simulatedDigest(text), tokens: Math.max(1, tokens), lastText: texts.at(-1) ?? '' };
}
