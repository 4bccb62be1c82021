import type { ProblemBody, ProblemCode } from '@spillway/contracts';

/**
 * `unreachable`: no answer came. `timed-out`: the answer took too long. `unfinished`: the job had not ended when the
 * time given to wait for it ran out. `unexpected-answer`: something answered that does not speak this contract. Every
 * other code is the platform's own, from its table of problems.
 */
export type SpillwayErrorCode =
  | ProblemCode
  | 'unreachable'
  | 'timed-out'
  | 'unfinished'
  | 'unexpected-answer';

export interface SpillwayErrorFields {
  readonly code: SpillwayErrorCode;
  /** Public text that says what happened and what to do; never prompt text or keys. */
  readonly detail: string;
  readonly status?: number | undefined;
  readonly retryAfterMs?: number | undefined;
  readonly errors?: ProblemBody['errors'];
  readonly retryRefused?: boolean | undefined;
  readonly cause?: unknown;
}

/** Why a call did not do what was asked; branch on `code`, show `detail`. */
export class SpillwayError extends Error {
  override readonly name = 'SpillwayError';
  readonly code: SpillwayErrorCode;
  readonly detail: string;
  /** The HTTP status, where an answer came. */
  readonly status: number | undefined;
  /** How long the platform asked to wait before the next try. */
  readonly retryAfterMs: number | undefined;
  /** The fields that were refused, with their paths, for `invalid-request`. */
  readonly errors: NonNullable<ProblemBody['errors']>;
  /** The platform said that another try cannot help (`x-should-retry: false`). */
  readonly retryRefused: boolean;

  constructor(fields: SpillwayErrorFields) {
    super(fields.detail, fields.cause === undefined ? undefined : { cause: fields.cause });
    this.code = fields.code;
    this.detail = fields.detail;
    this.status = fields.status;
    this.retryAfterMs = fields.retryAfterMs;
    this.errors = fields.errors ?? [];
    this.retryRefused = fields.retryRefused ?? false;
  }
}
