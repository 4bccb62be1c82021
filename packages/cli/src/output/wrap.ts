import { stripVTControlCharacters } from 'node:util';

/**
 * Breaks a text between words into lines of at most `columns`, all but the first one indented; a word that is longer
 * stays whole. Colours count for nothing.
 */
export function wrap(text: string, columns: number, indent: number): string {
  const lines: string[] = [];
  let line = '';
  for (const word of text.split(' ')) {
    const longer = line === '' ? word : `${line} ${word}`;
    const room = columns - (lines.length === 0 ? 0 : indent);
    if (line !== '' && stripVTControlCharacters(longer).length > room) {
      lines.push(line);
      line = word;
    } else {
      line = longer;
    }
  }
  return [...lines, line].join(`\n${' '.repeat(indent)}`);
}
