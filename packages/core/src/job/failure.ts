/**
 * Everything that can go wrong with an attempt or a job. `detail` is written for the person who submitted the job:
 * it never holds prompt text, keys or stack traces.
 */
export type FailureReason =
  | { readonly kind: 'backend-unreachable'; readonly detail: string }
  | { readonly kind: 'backend-overloaded'; readonly detail: string; readonly retryAfterMs?: number }
  | { readonly kind: 'backend-error'; readonly detail: string; readonly status?: number }
  | { readonly kind: 'backend-timeout'; readonly detail: string }
  | { readonly kind: 'backend-refused-credentials'; readonly detail: string }
  | { readonly kind: 'backend-quota-exhausted'; readonly detail: string }
  | { readonly kind: 'malformed-answer'; readonly detail: string }
  | { readonly kind: 'model-not-found'; readonly detail: string }
  /** This backend cannot express the request; one that speaks the client's own dialect may. */
  | { readonly kind: 'unsupported-by-backend'; readonly detail: string }
  | { readonly kind: 'context-exceeded'; readonly detail: string; readonly limitTokens?: number }
  | { readonly kind: 'invalid-request'; readonly detail: string; readonly status?: number }
  | { readonly kind: 'privacy-violation-blocked'; readonly detail: string }
  | { readonly kind: 'worker-drained'; readonly detail: string }
  /** The engine died, or cut the connection, while it worked on this attempt: the job may be what kills it. */
  | { readonly kind: 'engine-lost'; readonly detail: string }
  | { readonly kind: 'worker-lost'; readonly detail: string }
  | { readonly kind: 'unservable'; readonly detail: string };
export type FailureKind = FailureReason['kind'];

/** `retry`: the same backend may try again; `retry-elsewhere`: another one should; `give-up`: nobody will do better. */
export type Verdict = 'retry' | 'retry-elsewhere' | 'give-up';

const VERDICT = {
  'backend-unreachable': 'retry-elsewhere',
  'backend-overloaded': 'retry-elsewhere',
  'backend-error': 'retry',
  'backend-timeout': 'retry',
  'backend-refused-credentials': 'retry-elsewhere',
  'backend-quota-exhausted': 'retry-elsewhere',
  'malformed-answer': 'retry',
  'model-not-found': 'retry-elsewhere',
  'unsupported-by-backend': 'retry-elsewhere',
  'context-exceeded': 'retry-elsewhere',
  'invalid-request': 'give-up',
  'privacy-violation-blocked': 'retry-elsewhere',
  'worker-drained': 'retry',
  'engine-lost': 'retry',
  'worker-lost': 'give-up',
  unservable: 'give-up',
} as const satisfies Record<FailureKind, Verdict>;

export const verdictOf = (reason: FailureReason): Verdict => VERDICT[reason.kind];

export const isFailureKind = (raw: string): raw is FailureKind => Object.hasOwn(VERDICT, raw);
