import type { ProblemBody, ProblemCode } from '@spillway/contracts';

/** An answer that is not the one hoped for. `detail` is public text and says what to do. */
export class Problem extends Error {
  readonly code: ProblemCode;
  readonly detail: string;
  readonly errors: ProblemBody['errors'];
  readonly headers: Readonly<Record<string, string>>;

  constructor(
    code: ProblemCode,
    detail: string,
    more: {
      readonly errors?: readonly { readonly path: string; readonly message: string }[];
      readonly headers?: Readonly<Record<string, string>>;
    } = {},
    cause?: unknown,
  ) {
    super(`${code}: ${detail}`, { cause });
    this.code = code;
    this.detail = detail;
    this.errors = more.errors === undefined ? undefined : [...more.errors];
    this.headers = more.headers ?? {};
  }
}
