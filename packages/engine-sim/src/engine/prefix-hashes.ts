import { hash } from 'node:crypto';
import { FRAME_TOKENS, TOKEN_CHARACTERS } from '../answers/prompt.ts';
import { BLOCK_TOKENS } from './kv-blocks.ts';

const BLOCK_CHARACTERS = BLOCK_TOKENS * TOKEN_CHARACTERS;
const FRAME = '\n'.repeat(FRAME_TOKENS * TOKEN_CHARACTERS);

/**
 * One hash for each full block of a prompt, which stands for everything up to that block's end and for the salt: vLLM's
 * `cache_salt`. Prompts with other salts share nothing.
 */
export function prefixHashes(texts: readonly string[], salt: string): string[] {
  const text = texts.map((part) => FRAME + part.padEnd(wholeTokens(part), ' ')).join('');
  const hashes: string[] = [];
  let before = salt;
  for (let end = BLOCK_CHARACTERS; end <= text.length; end += BLOCK_CHARACTERS) {
    before = hash('sha256', `${before}\n${text.slice(end - BLOCK_CHARACTERS, end)}`, 'base64');
    hashes.push(before);
  }
  return hashes;
}

const wholeTokens = (text: string): number => Math.ceil(text.length / TOKEN_CHARACTERS) * TOKEN_CHARACTERS;
