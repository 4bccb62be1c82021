/** The cells of one line of CSV (RFC 4180), without the blanks around them; undefined when a quote is left open. */
export function splitCsv(line: string): readonly string[] | undefined {
  if (!line.includes('"')) return line.split(',').map((cell) => cell.trim());
  const cells: string[] = [];
  for (let at = 0; at <= line.length;) {
    const cell = line[at] === '"' ? quoted(line, at) : plain(line, at);
    if (cell === undefined) return undefined;
    cells.push(cell.text);
    at = cell.end + 1;
  }
  return cells;
}

interface Cell {
  readonly text: string;
  /** Where its comma stands, or the line's end. */
  readonly end: number;
}

function plain(line: string, from: number): Cell {
  const comma = line.indexOf(',', from);
  const end = comma < 0 ? line.length : comma;
  return { text: line.slice(from, end).trim(), end };
}

function quoted(line: string, from: number): Cell | undefined {
  let close = line.indexOf('"', from + 1);
  while (close >= 0 && line[close + 1] === '"') close = line.indexOf('"', close + 2);
  if (close < 0) return undefined;
  const { end } = plain(line, close);
  return { text: line.slice(from + 1, close).replaceAll('""', '"'), end };
}
