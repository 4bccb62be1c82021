import type { JsonObject } from '@spillway/core';

const LONGEST_PADDING = 10_000;
const FIRST_DAY_MS = Date.UTC(2026, 0, 1);
const DAYS = 365;
const DAY_MS = 86_400_000;

/** A string of a common format, or one that says it is simulated, within `minLength` and `maxLength`. */
export function instanceString(schema: JsonObject, digest: string, random: () => number): string {
  const format = schema['format'];
  const known = typeof format === 'string' ? FORMATS.get(format) : undefined;
  if (known !== undefined) return known(digest, random);
  const shortest = schema['minLength'];
  const longest = schema['maxLength'];
  const text = `simulated-${digest}`.padEnd(
    typeof shortest === 'number' ? Math.min(shortest, LONGEST_PADDING) : 0,
    '-',
  );
  if (typeof longest !== 'number' || text.length <= longest) return withNumber(text, longest, random);
  return text.slice(0, longest);
}

/** So that two strings of one answer differ, where there is room for it. */
function withNumber(text: string, longest: unknown, random: () => number): string {
  const numbered = `${text}-${Math.floor(random() * 10_000)}`;
  return typeof longest === 'number' && numbered.length > longest ? text : numbered;
}

type Write = (digest: string, random: () => number) => string;

const FORMATS: ReadonlyMap<string, Write> = new Map<string, Write>([
  ['date-time', (_digest, random) => `${dateOf(random)}T${timeOf(random)}Z`],
  ['date', (_digest, random) => dateOf(random)],
  ['time', (_digest, random) => `${timeOf(random)}Z`],
  ['duration', (_digest, random) => `PT${1 + Math.floor(random() * 59)}M`],
  ['email', (digest) => `simulated-${digest}@example.com`],
  ['idn-email', (digest) => `simulated-${digest}@example.com`],
  ['hostname', (digest) => `simulated-${digest}.example.com`],
  ['uri', (digest) => `https://example.com/simulated/${digest}`],
  ['url', (digest) => `https://example.com/simulated/${digest}`],
  ['uri-reference', (digest) => `https://example.com/simulated/${digest}`],
  ['iri', (digest) => `https://example.com/simulated/${digest}`],
  ['uuid', (digest) => `00000000-0000-4000-8000-${digest}`],
  ['ipv4', (_digest, random) => `192.0.2.${Math.floor(random() * 256)}`],
  ['ipv6', (_digest, random) => `2001:db8::${Math.floor(random() * 9_999)}`],
]);

const dateOf = (random: () => number): string =>
  new Date(FIRST_DAY_MS + Math.floor(random() * DAYS) * DAY_MS).toISOString().slice(0, 10);

const timeOf = (random: () => number): string =>
  [random() * 24, random() * 60, random() * 60]
    .map((part) => String(Math.floor(part)).padStart(2, '0'))
    .join(':');
