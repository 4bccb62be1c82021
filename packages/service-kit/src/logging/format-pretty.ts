const STANDARD = new Set(['level', 'time', 'service', 'event', 'pid', 'hostname']);

/** A JSON log line as a line for people: `10:20:30.400 warn  scheduler  leader.lost epoch=4`. */
export function formatPretty(line: string): string {
  const fields = readObject(line);
  if (!fields) return line;
  const time = typeof fields['time'] === 'string' ? fields['time'].slice(11, 23) : '';
  const head = [time, word(fields['level']).padEnd(5), word(fields['service']), word(fields['event'])].join(
    ' ',
  );
  const rest = Object.entries(fields)
    .filter(([name]) => !STANDARD.has(name))
    .map(([name, value]) => ` ${name}=${typeof value === 'string' ? value : JSON.stringify(value)}`);
  return `${head}${rest.join('')}\n`;
}

const word = (value: unknown): string => (typeof value === 'string' ? value : '-');

function readObject(line: string): Record<string, unknown> | undefined {
  try {
    const value: unknown = JSON.parse(line);
    return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : undefined;
  } catch {
    return undefined;
  }
}
