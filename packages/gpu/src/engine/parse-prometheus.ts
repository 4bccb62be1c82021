/** One line of a Prometheus text page. */
export interface Sample {
  readonly name: string;
  readonly labels: ReadonlyMap<string, string>;
  readonly value: number;
}

const LINE = /^([A-Za-z_:][\w:]*)(?:\{(.*)\})?\s+(\S+)(?:\s+-?\d+)?$/;
const LABEL = /([A-Za-z_]\w*)="((?:[^"\\]|\\.)*)"/g;
const ESCAPES: Readonly<Record<string, string>> = { n: '\n', '"': '"', '\\': '\\' };

/** The samples with a finite value; comments, NaN, ±Inf and lines that are no samples are left out. */
export function parsePrometheus(text: string): readonly Sample[] {
  const samples: Sample[] = [];
  for (const raw of text.split('\n')) {
    const [, name, labels = '', number = ''] = LINE.exec(raw.trim()) ?? [];
    const value = Number(number);
    if (name !== undefined && number !== '' && Number.isFinite(value))
      samples.push({ name, labels: parseLabels(labels), value });
  }
  return samples;
}

const parseLabels = (text: string): ReadonlyMap<string, string> =>
  new Map(
    [...text.matchAll(LABEL)].map(([, key = '', value = '']) => [
      key,
      value.replaceAll(/\\(.)/g, (_match, character: string) => ESCAPES[character] ?? character),
    ]),
  );
