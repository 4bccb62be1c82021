/**
 * `ok`: there. `fallback`: missing, and the platform runs without it in the way `detail` says. `info`: worth knowing,
 * needed by nothing. `missing`: the platform cannot run until `fix` is done.
 */
export interface Finding {
  readonly name: string;
  readonly status: 'ok' | 'fallback' | 'info' | 'missing';
  readonly detail: string;
  /** What to do about it; null when there is nothing to do. */
  readonly fix: string | null;
}

export const found = (name: string, detail: string): Finding => ({ name, status: 'ok', detail, fix: null });
