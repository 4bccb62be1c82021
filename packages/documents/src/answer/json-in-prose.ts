export interface ParsedJson {
  readonly value: unknown;
}

export function parseJson(text: string): ParsedJson | undefined {
  try {
    return { value: JSON.parse(text) };
  } catch {
    return undefined;
  }
}

/**
 * The objects and arrays that stand in a text, those inside another left out. A brace that opens nothing costs a look at
 * what follows, so the work ends at 32 times the text's length, and what comes behind is not found.
 */
export function jsonInProse(text: string): readonly ParsedJson[] {
  const found: ParsedJson[] = [];
  let work = 0;
  let at = 0;
  while (work <= MAX_WORK * text.length) {
    OPENING.lastIndex = at;
    const start = OPENING.exec(text)?.index;
    if (start === undefined) break;
    const end = closingOf(text, start);
    work += (end ?? text.length) - start;
    const parsed = end === undefined ? undefined : parseJson(text.slice(start, end));
    if (parsed !== undefined) found.push(parsed);
    at = parsed === undefined || end === undefined ? start + 1 : end;
  }
  return found;
}

const MAX_WORK = 32;
const OPENING = /[[{]/gu;

/** Where the bracket that opens at `start` is closed, brackets in strings left alone. */
function closingOf(text: string, start: number): number | undefined {
  let depth = 0;
  TOKEN.lastIndex = start;
  for (let token = TOKEN.exec(text); token !== null; token = TOKEN.exec(text)) {
    if (token[0] === '[' || token[0] === '{') depth += 1;
    else if (token[0] === ']' || token[0] === '}') depth -= 1;
    if (depth === 0) return TOKEN.lastIndex;
  }
  return undefined;
}

/** A string without an end is no string: its quotation mark is passed over. */
const TOKEN = /"(?:[^"\\\n]|\\.)*"|[[\]{}]/gu;
