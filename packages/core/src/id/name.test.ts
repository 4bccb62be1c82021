import { expect, test } from 'vitest';
import { parseName } from './name.ts';

test.each(['a', '0', 'gpu-0', 'acme', 'team.one_two-3', 'a'.repeat(63)])('%j is a name', (raw) => {
  expect(parseName('BackendId', raw)).toEqual({ ok: true, value: raw });
  expect(parseName('TenantId', raw)).toEqual({ ok: true, value: raw });
});

test.each([
  ['nothing', ''],
  ['too long', 'a'.repeat(64)],
  ['a sign first', '-gpu'],
  ['a point first', '.gpu'],
  ['upper case', 'Gpu'],
  ['a blank', 'gpu 0'],
  ['a colon, which parts Redis keys', 'gpu:0'],
  ['braces, which choose a Redis slot', '{gpu}'],
  ['a slash', '../gpu'],
  ['a line end', 'gpu\n'],
  ['a letter beyond ASCII', 'größe'],
])('%s is malformed', (_what, raw) => {
  expect(parseName('BackendId', raw)).toEqual({ ok: false, error: 'malformed-name' });
});
