import { readdirSync, readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { decidePin, PRIVACY_DETECTORS } from '@spillway/core';
import { readDocument } from './read-document.ts';

const folder = new URL('../../../examples/', import.meta.url);
const names = readdirSync(new URL('documents/', folder));
/** The rows `| name | finding, finding |` of the README. */
const promised = new Map(
  [
    ...readFileSync(new URL('README.md', folder), 'utf8').matchAll(/^\| (\d\d-\S+) +\| ([a-z, ]+?) +\|$/gmu),
  ].map(([, name, findings]) => [name, findings?.split(', ')]),
);
const BROKEN: Readonly<Record<string, string>> = {
  '17-scan-empty.txt': 'empty',
  '22-truncated-export.json': 'malformed',
  '30-broken-bytes.txt': 'not-text',
};

test.each(names)('%s is read, pinned or broken as the README of the examples says', async (name) => {
  const bytes = new Uint8Array(readFileSync(new URL(`documents/${name}`, folder)));
  const read = await readDocument({ name, bytes });
  expect(read.ok ? undefined : read.error.code).toBe(BROKEN[name]);
  if (!read.ok) return;
  const { findings } = decidePin('auto', PRIVACY_DETECTORS, [read.value.text]);
  expect(findings).toEqual(promised.get(name) ?? []);
});

test('there are enough documents of each kind to show an overflow', () => {
  expect(promised.size).toBe(13);
  expect(names.length - promised.size - Object.keys(BROKEN).length).toBeGreaterThanOrEqual(12);
});
