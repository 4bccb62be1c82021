/** The best place at or before `most` to end what began at `start`; always after `start`. */
export function findBorder(text: string, start: number, most: number): number {
  const border = lastEnd(text, start, most, PARAGRAPH_END) ?? lastEnd(text, start, most, LINE_END);
  return border ?? lastEnd(text, start, most, SENTENCE_END) ?? withinSentence(text, start, most);
}

const PARAGRAPH_END = /\n[^\S\n]*\n/gu;
/** Rows of a table have no full stop, and in a text without blank lines a line is a paragraph. */
const LINE_END = /\n/gu;
/** Scripts that part sentences by blanks, those that do not, and the brackets and quotation marks that may follow. */
const SENTENCE_END = /[.!?…؟۔।॥։።]["'”’»)\]]*\s|[。！？｡︒][」』”’）】]*/gu;

/** Where the last match ends that begins after `start` and leaves something before itself, within what fits. */
function lastEnd(text: string, start: number, most: number, pattern: RegExp): number | undefined {
  // The blanks that make a border may lie behind what fits.
  const range = text.slice(start, most + NEIGHBOURHOOD);
  let last: number | undefined;
  for (const match of range.matchAll(pattern)) {
    const blanks = /\s+$/u.exec(match[0])?.[0].length ?? 0;
    const end = start + match.index + match[0].length - blanks;
    if (end > start && end <= most) last = end;
  }
  return last;
}

/** In UTF-16 units. Segmenters are asked about the neighbourhood only: their work grows with what they are given. */
const NEIGHBOURHOOD = 256;
const words = new Intl.Segmenter('und', { granularity: 'word' });
const characters = new Intl.Segmenter('und', { granularity: 'grapheme' });

function withinSentence(text: string, start: number, most: number): number {
  const from = codePointStart(text, Math.max(start, most - NEIGHBOURHOOD));
  const around = text.slice(from, most + NEIGHBOURHOOD);
  for (const segmenter of [words, characters]) {
    const begin = from + (segmenter.segment(around).containing(most - from)?.index ?? 0);
    if (begin > from) return begin;
  }
  const border = codePointStart(text, most);
  if (border > start) return border;
  return start + (isLead(text.charCodeAt(start)) && isTrail(text.charCodeAt(start + 1)) ? 2 : 1);
}

/** One before, where the index would part a surrogate pair. */
const codePointStart = (text: string, index: number): number =>
  isTrail(text.charCodeAt(index)) && isLead(text.charCodeAt(index - 1)) ? index - 1 : index;

const isLead = (unit: number): boolean => unit >= 0xd800 && unit <= 0xdbff;
const isTrail = (unit: number): boolean => unit >= 0xdc00 && unit <= 0xdfff;
