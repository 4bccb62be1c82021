/** Text that is laid out as it comes: blanks collapse, and of line ends asked for in a row the most count. */
export interface TextFlow {
  words(text: string): void;
  /** Text whose blanks and line ends stay. */
  verbatim(text: string): void;
  /** At least so many line ends before what comes next, unless a marker stands there waiting for it. */
  startBlock(lineEnds: number): void;
  /** At least so many line ends before what comes next; a marker that got no text is dropped. */
  endBlock(lineEnds: number): void;
  /** One more line end, as `<br>` asks for; two at most. */
  endLine(): void;
  /** A marker such as a dash, to stand before what comes next. */
  mark(marker: string): void;
  /** A marker that goes on in the same line, whatever ended before it. */
  join(marker: string): void;
  text(): string;
}

export function createTextFlow(): TextFlow {
  const written: string[] = [];
  let lineEnds = 0;
  let blank = false;
  let marker = '';
  const write = (text: string): void => {
    if (written.length > 0) {
      if (lineEnds > 0) written.push('\n'.repeat(lineEnds));
      else if (blank && marker === '') written.push(' ');
    }
    written.push(marker, text);
    lineEnds = 0;
    blank = false;
    marker = '';
  };
  const mark = (more: string): void => {
    if (marker.length < LONGEST_MARKER) marker += more;
  };
  return {
    words(text) {
      const collapsed = text.replaceAll(/\s+/gu, ' ');
      if (collapsed.startsWith(' ')) blank = true;
      const inner = collapsed.trim();
      if (inner === '') return;
      write(inner);
      blank = collapsed.endsWith(' ');
    },
    verbatim(text) {
      if (text !== '') write(text);
    },
    startBlock(atLeast) {
      if (marker === '') lineEnds = Math.max(lineEnds, atLeast);
    },
    endBlock(atLeast) {
      if (atLeast === 0) return;
      lineEnds = Math.max(lineEnds, atLeast);
      marker = '';
    },
    endLine() {
      lineEnds = Math.min(lineEnds + 1, 2);
    },
    mark,
    join(more) {
      lineEnds = 0;
      mark(more);
    },
    text: () => written.join(''),
  };
}

/** Rows of empty cells could otherwise grow a marker without end. */
const LONGEST_MARKER = 64;
