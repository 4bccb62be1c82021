export interface ErrorDescription {
  readonly type: string;
  readonly message: string;
  readonly code?: string;
  readonly stack?: string;
  readonly cause?: ErrorDescription;
}

/**
 * What a log may say of an error: its kind, message, code, stack and causes. Other properties are left out,
 * because SDK errors carry the request they were made for.
 */
export function describeError(error: unknown): ErrorDescription {
  return describe(error, 0);
}

const MAX_CAUSES = 4;

function describe(error: unknown, depth: number): ErrorDescription {
  if (!(error instanceof Error)) return { type: typeof error, message: describeOther(error) };
  const code = 'code' in error && typeof error.code === 'string' ? error.code : undefined;
  return {
    type: error.name,
    message: error.message,
    ...(code !== undefined && { code }),
    ...(error.stack !== undefined && { stack: error.stack }),
    ...(error.cause !== undefined && depth < MAX_CAUSES && { cause: describe(error.cause, depth + 1) }),
  };
}

const describeOther = (thrown: unknown): string =>
  typeof thrown === 'string' ? thrown : `a value of type ${typeof thrown} was thrown`;
