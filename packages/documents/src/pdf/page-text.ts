/** A piece of text as pdf.js gives it: in reading order, with its place on the page. */
export interface TextRun {
  readonly str: string;
  /** Of a blank: the gap it stands for. In points. */
  readonly width: number;
  readonly height: number;
  /** The sixth is the baseline's distance from the foot of the page, in points. */
  readonly transform: readonly unknown[];
  readonly hasEOL: boolean;
}

/** Puts the runs of a page into lines, wide gaps as ` | `, and lines that stand apart into paragraphs with a blank line. */
export function pageText(runs: readonly TextRun[]): string {
  const lines = linesOf(runs);
  const usualGap = lowerQuartile(lines.slice(1).map(({ y }, index) => gap(lines[index]?.y ?? y, y)));
  return lines
    .map(({ text, y, height }, index) => {
      const before = lines[index - 1];
      if (before === undefined) return text;
      const apart =
        gap(before.y, y) > PARAGRAPH_GAP * Math.max(usualGap, LEADING * Math.min(height, before.height));
      return `${apart ? '\n\n' : '\n'}${text}`;
    })
    .join('');
}

interface Line {
  readonly text: string;
  readonly y: number;
  readonly height: number;
}

/** Lines of a paragraph stand about 1.2 letter heights apart; paragraphs by half a line more, rows of a table by less. */
const LEADING = 1.15;
const PARAGRAPH_GAP = 1.45;
/** In letter heights; justified text has gaps of one, columns of two and more. */
const COLUMN_GAP = 1.5;

/** What a font gives for a letter of which it does not say which it is. */
const UNNAMED = /[^\P{Cc}\t\n\r]/gu;

function linesOf(runs: readonly TextRun[]): readonly Line[] {
  const lines: Line[] = [];
  let text = '';
  let y: number | undefined;
  let height = 0;
  const end = (): void => {
    const trimmed = text.trim();
    if (trimmed !== '' && y !== undefined) lines.push({ text: trimmed, y, height });
    text = '';
    y = undefined;
    height = 0;
  };
  for (const run of runs) {
    const isBlank = run.str.trim() === '';
    if (isBlank && text !== '' && run.width > COLUMN_GAP * height) text += ' | ';
    else text += run.str.replaceAll(UNNAMED, '\ufffd');
    if (!isBlank) {
      y ??= Number(run.transform[5]);
      height = Math.max(height, run.height);
    }
    if (run.hasEOL) end();
  }
  end();
  return lines;
}

/** Downwards as it is; a jump up the page, to the next column, counts as a gap no line bridges. */
const gap = (above: number, below: number): number =>
  below > above ? Number.POSITIVE_INFINITY : above - below;

/** Of few lines half may stand apart; the closest quarter belongs together, or nothing does. */
function lowerQuartile(values: readonly number[]): number {
  const sorted = values.filter((value) => Number.isFinite(value)).toSorted((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 4)] ?? 0;
}
