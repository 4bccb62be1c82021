import { err, ok, type Result } from '../result.ts';

declare const brand: unique symbol;
type Id<Name extends string> = string & { readonly [brand]: Name };

const PREFIX = {
  JobId: 'job_',
  BatchId: 'batch_',
  /** With the hyphen that OpenAI's files have. */
  FileId: 'file-',
  UploadId: 'upload_',
  PartId: 'part_',
  WorkerId: 'wrk_',
  EventId: 'evt_',
  DeliveryId: 'whd_',
} as const;
export type IdName = keyof typeof PREFIX;

export type JobId = Id<'JobId'>;
export type BatchId = Id<'BatchId'>;
export type FileId = Id<'FileId'>;
/** A file that is sent in parts. */
export type UploadId = Id<'UploadId'>;
export type PartId = Id<'PartId'>;
/** One process that leases jobs; a restarted worker is another worker. */
export type WorkerId = Id<'WorkerId'>;
export type EventId = Id<'EventId'>;
export type DeliveryId = Id<'DeliveryId'>;

/** Crockford's base 32, lower case: no i, l, o, u. https://www.crockford.com/base32.html */
const ALPHABET = '0123456789abcdefghjkmnpqrstvwxyz';
const ENCODED_LENGTH = 26;
const PATTERN = new RegExp(`^[0-7][${ALPHABET}]{${ENCODED_LENGTH - 1}}$`);

/** Reads an id that came from outside: its prefix and 26 characters of Crockford base 32 (128 bits). */
export function parseId<Name extends IdName>(name: Name, raw: string): Result<Id<Name>, 'malformed-id'> {
  const prefix = PREFIX[name];
  return raw.startsWith(prefix) && PATTERN.test(raw.slice(prefix.length))
    ? ok(raw as Id<Name>)
    : err('malformed-id');
}

/**
 * Writes a UUID as an id of ours. Give it a UUIDv7 (RFC 9562 §5.7) and ids sort by the time they were made.
 * Throws on anything that is not a UUID: that is a bug of the caller.
 */
export function idFromUuid<Name extends IdName>(name: Name, uuid: string): Id<Name> {
  const hex = uuid.replaceAll('-', '');
  if (!/^[0-9a-f]{32}$/i.test(hex)) throw new Error(`not a UUID: ${uuid}`);
  let bits = BigInt(`0x${hex}`);
  let encoded = '';
  for (let position = 0; position < ENCODED_LENGTH; position += 1) {
    encoded = ALPHABET.charAt(Number(bits & 31n)) + encoded;
    bits >>= 5n;
  }
  return `${PREFIX[name]}${encoded}` as Id<Name>;
}
