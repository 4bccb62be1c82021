import { err, ok, type Result } from '../result.ts';

declare const brand: unique symbol;
type Name<Kind extends string> = string & { readonly [brand]: Kind };

/** A tenant as the configuration names it: the unit of quota and fairness. */
export type TenantId = Name<'TenantId'>;
/** A backend as the configuration names it: one local engine or one cloud account. */
export type BackendId = Name<'BackendId'>;

interface Names {
  readonly TenantId: TenantId;
  readonly BackendId: BackendId;
}

const PATTERN = /^[a-z0-9][a-z0-9._-]{0,62}$/;

/** Reads a name that operators chose: 1 to 63 of a-z 0-9 . _ - and a letter or digit first. */
export function parseName<Kind extends keyof Names>(
  _kind: Kind,
  raw: string,
): Result<Names[Kind], 'malformed-name'> {
  return PATTERN.test(raw) ? ok(raw as Names[Kind]) : err('malformed-name');
}
