const LONGEST = 255;

/** A file's name as a label: without folders and control characters, at most 255 characters; never empty. */
export function labelOf(filename: string): string {
  const base = filename.slice(Math.max(filename.lastIndexOf('/'), filename.lastIndexOf('\\')) + 1);
  const label = base.toWellFormed().replaceAll(UNPRINTABLE, '').trim();
  // By code point: half of one would be no text.
  return Array.from(label).slice(0, LONGEST).join('') || 'file';
}

/** Control characters, and those that turn the direction of what stands around them. */
const UNPRINTABLE = /[\p{Cc}\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069]/gu;
