import { isAscii } from '../is-ascii.ts';

/**
 * Prepares a text for the detectors, so that spacing, width or script of its characters hide nothing: NFKC, invisible
 * characters gone, every dash `-`, digits of other scripts 0-9, runs of blanks one blank. Newlines stay.
 * `undefined` when the normal form is longer than `maxLength` characters: some characters grow eighteenfold.
 */
export function normalise(text: string, maxLength: number): string | undefined {
  if (text.length > maxLength) return undefined;
  if (isAscii(text)) return BLANK_RUNS.some((run) => text.includes(run)) ? joinBlanks(text) : text;
  const composed = compose(text.replaceAll(INVISIBLE, ''), maxLength);
  return composed === undefined ? undefined : joinBlanks(composed);
}

/** What a run of blanks, or one to be replaced, begins with in ASCII: most texts have none, and this finds out fast. */
const BLANK_RUNS = ['  ', '\t', '\v', '\f'] as const;
const joinBlanks = (text: string): string => text.replaceAll(BLANKS, ' ');

/** Zero-width spaces and joiners, soft hyphens, direction marks, variation selectors, tags, fillers. */
const INVISIBLE = /\p{Default_Ignorable_Code_Point}/gu;
const DASHES = /[\p{Dash_Punctuation}\u2212\u2043]/gu;
const BLANKS = /[\p{Space_Separator}\t\v\f]{2,}|[\t\v\f]/gu;
const FOREIGN_DIGITS = /[\u0660-\u0669\u06f0-\u06f9\u0966-\u096f\u09e6-\u09ef\u0e50-\u0e59]/gu;
/** The zero of each script in `FOREIGN_DIGITS`: Arabic, Persian, Devanagari, Bengali, Thai. */
const ZEROS = [0x0660, 0x06f0, 0x0966, 0x09e6, 0x0e50] as const;
const SLICE = 65_536;

/** Composed slice by slice, so that a text that grows is given up early and not first built whole. */
function compose(text: string, maxLength: number): string | undefined {
  let composed = '';
  for (let start = 0; start < text.length;) {
    const end = sliceEnd(text, start + SLICE);
    composed += text.slice(start, end).normalize('NFKC');
    if (composed.length > maxLength) return undefined;
    start = end;
  }
  return composed.replaceAll(DASHES, '-').replaceAll(FOREIGN_DIGITS, digit);
}

/** Moves the end of a slice on while it would part a letter from its marks, or the halves of a code point. */
function sliceEnd(text: string, end: number): number {
  let moved = end;
  while (moved < end + 16 && /^[\p{Mark}\u{dc00}-\u{dfff}]/u.test(text.slice(moved, moved + 2))) moved += 1;
  return moved;
}

function digit(character: string): string {
  const unit = character.charCodeAt(0);
  const zero = ZEROS.find((first) => unit - first >= 0 && unit - first <= 9);
  return String(unit - Number(zero));
}
