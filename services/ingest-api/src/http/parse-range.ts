/** What a `Range` header asks for of something that has `bytes`; `end` is exclusive. */
export type RangeRequest =
  | { readonly kind: 'whole' }
  | { readonly kind: 'part'; readonly start: number; readonly end: number }
  | { readonly kind: 'not-satisfiable' };

/**
 * Reads one range (RFC 9110 §14.1). The whole is asked for without a header, and by what a server may ignore: other
 * units, several ranges, and what is not well-formed.
 */
export function parseRange(header: string | undefined, bytes: number): RangeRequest {
  const match = /^bytes=(\d{0,15})-(\d{0,15})$/i.exec(header?.trim() ?? '');
  const [first = '', last = ''] = match?.slice(1) ?? [];
  if (first === '' && last === '') return { kind: 'whole' };
  if (first === '') {
    const length = Math.min(Number(last), bytes);
    return length === 0 ? { kind: 'not-satisfiable' } : { kind: 'part', start: bytes - length, end: bytes };
  }
  const start = Number(first);
  const end = last === '' ? bytes : Math.min(Number(last) + 1, bytes);
  if (last !== '' && Number(last) < start) return { kind: 'whole' };
  return start >= bytes ? { kind: 'not-satisfiable' } : { kind: 'part', start, end };
}
