import { ok, type Result } from '@spillway/core';
import { type DocumentProblem, refuse } from './document.ts';

/**
 * JSON is handed on as it was written, but only whole, since a cut-off export would be answered as if it were complete,
 * and at most 512 deep, since whoever walks what was parsed may do so by recursion.
 */
export function jsonText(text: string): Result<string, DocumentProblem> {
  if (text.trim() === '') return ok('');
  if (depthOf(text) > MAX_DEPTH) {
    return refuse('too-complex', `more than ${MAX_DEPTH} values inside each other; flatten the export`);
  }
  try {
    JSON.parse(text);
    return ok(text);
  } catch {
    return refuse('malformed', 'does not parse as JSON; it may be cut off');
  }
}

const MAX_DEPTH = 512;

/** How deep the brackets outside of strings nest; of what is no JSON it says something, and parsing refuses it. */
function depthOf(text: string): number {
  let depth = 0;
  let deepest = 0;
  let isString = false;
  for (let index = 0; index < text.length; index += 1) {
    const unit = text.charCodeAt(index);
    if (isString) {
      if (unit === BACKSLASH) index += 1;
      else if (unit === QUOTE) isString = false;
    } else if (unit === QUOTE) isString = true;
    else if (unit === OPEN_BRACKET || unit === OPEN_BRACE) {
      depth += 1;
      if (depth > deepest) deepest = depth;
    } else if (unit === CLOSE_BRACKET || unit === CLOSE_BRACE) depth -= 1;
  }
  return deepest;
}

const [QUOTE, BACKSLASH, OPEN_BRACKET, CLOSE_BRACKET, OPEN_BRACE, CLOSE_BRACE] = [
  0x22, 0x5c, 0x5b, 0x5d, 0x7b, 0x7d,
] as const;
