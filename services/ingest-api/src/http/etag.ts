/**
 * Whether an `If-None-Match` names this tag: one of a list, `*`, or weakened by a proxy on its way (RFC 9110 §13.1.2
 * compares weakly). False without the header.
 */
export function matchesEtag(header: string | undefined, etag: string): boolean {
  if (header === undefined) return false;
  return header.split(',').some((item) => {
    const tag = item.trim();
    return tag === '*' || tag.replace(/^W\//, '') === etag;
  });
}
