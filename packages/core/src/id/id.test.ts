import { assert, bigInt, constantFrom, integer, pre, property, uuid as uuids } from 'fast-check';
import { describe, expect, test } from 'vitest';
import { idFromUuid, parseId, type IdName } from './id.ts';

const PREFIXES = {
  JobId: 'job_',
  BatchId: 'batch_',
  FileId: 'file-',
  UploadId: 'upload_',
  PartId: 'part_',
  WorkerId: 'wrk_',
  EventId: 'evt_',
  DeliveryId: 'whd_',
} as const;
const names = Object.keys(PREFIXES) as readonly IdName[];
const LAST = '7'.padEnd(26, 'z');

/** A UUIDv7 made at `atMs`, its random bits from `random`. https://www.rfc-editor.org/rfc/rfc9562#section-5.7 */
function uuidV7(atMs: number, random: bigint): string {
  const time = atMs.toString(16).padStart(12, '0');
  const tail = random.toString(16).padStart(19, '0').slice(-19);
  return `${time.slice(0, 8)}-${time.slice(8)}-7${tail.slice(0, 3)}-8${tail.slice(3, 6)}-${tail.slice(6, 18)}`;
}

describe('parseId', () => {
  test.each(names)('an id of kind %s is its prefix and 26 characters of base 32', (name) => {
    const raw = `${PREFIXES[name]}${LAST}`;
    expect(parseId(name, raw)).toEqual({ ok: true, value: raw });
  });

  test('an id of one kind is not an id of another', () => {
    const raw = `job_${LAST}`;
    expect(names.filter((name) => parseId(name, raw).ok)).toEqual(['JobId']);
  });

  test.each([
    ['nothing', ''],
    ['only the prefix', 'job_'],
    ['too short', `job_${LAST.slice(1)}`],
    ['too long', `job_${LAST}0`],
    ['more than 128 bits', `job_8${LAST.slice(1)}`],
    ['a letter Crockford leaves out', `job_0${'u'.repeat(25)}`],
    ['upper case', `job_${LAST.toUpperCase()}`],
    ['a line end behind it', `job_${LAST}\n`],
    ['a blank before it', ` job_${LAST}`],
    ['another prefix', `jobs_${LAST}`],
  ])('%s is malformed', (_what, raw) => {
    expect(parseId('JobId', raw)).toEqual({ ok: false, error: 'malformed-id' });
  });
});

describe('idFromUuid', () => {
  test('writes the same 128 bits, so that no two UUIDs share an id', () => {
    expect(idFromUuid('JobId', '00000000-0000-0000-0000-000000000000')).toBe(`job_${'0'.repeat(26)}`);
    expect(idFromUuid('BatchId', 'ffffffff-ffff-ffff-ffff-ffffffffffff')).toBe(`batch_${LAST}`);
    expect(idFromUuid('EventId', '00000000-0000-0000-0000-00000000002a')).toBe(`evt_${'0'.repeat(24)}1a`);
  });

  test('every UUID makes an id that parses, in upper case and without dashes too', () => {
    assert(
      property(uuids(), constantFrom(...names), (uuid, name) => {
        const id = idFromUuid(name, uuid);
        expect(parseId(name, id)).toEqual({ ok: true, value: id });
        expect(idFromUuid(name, uuid.toUpperCase().replaceAll('-', ''))).toBe(id);
      }),
    );
  });

  test('ids of UUIDv7 sort by the time they were made', () => {
    const instant = integer({ min: 0, max: 2 ** 47 });
    const random = bigInt({ min: 0n, max: 2n ** 74n - 1n });
    assert(
      property(instant, instant, random, random, (one, other, bits, moreBits) => {
        pre(one !== other);
        const [earlier, later] = [Math.min(one, other), Math.max(one, other)];
        expect(
          idFromUuid('JobId', uuidV7(earlier, bits)) < idFromUuid('JobId', uuidV7(later, moreBits)),
        ).toBe(true);
      }),
    );
  });

  test.each(['', 'job_1', '00000000-0000-0000-0000-00000000002', 'g0000000-0000-0000-0000-000000000000'])(
    'what is no UUID (%j) is a bug of the caller',
    (raw) => {
      expect(() => idFromUuid('JobId', raw)).toThrow('not a UUID');
    },
  );
});
